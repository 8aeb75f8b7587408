#!/usr/bin/env bash
# Installs a build to an empty prefix, then builds the README's program and examples/own_op outside the tree with
# find_package(Retrograd) and runs them. Arguments: source folder, build folder.
set -euo pipefail
source_folder=$1
build_folder=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

cmake --install "$build_folder" --prefix "$prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
for file in bin/retrograd include/retrograd/retrograd.h share/retrograd/data/digits.csv share/man/man1/retrograd.1 \
    share/bash-completion/completions/retrograd share/zsh/site-functions/_retrograd \
    share/fish/vendor_completions.d/retrograd.fish; do
  [ -s "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
libraries=$(find "$prefix" -name '*.a')
[ "$(wc -l <<<"$libraries")" -eq 1 ] || { echo "one library expected, got: $libraries"; exit 1; }
"$prefix/bin/retrograd" --help >"$work/help.txt"
"$prefix/bin/retrograd" man | cmp - "$prefix/share/man/man1/retrograd.1"

mkdir "$work/program"
awk '/^```cpp$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' \
  "$source_folder/README.md" >"$work/program/main.cpp"
grep -q 'int main' "$work/program/main.cpp" || { echo "no program in README.md"; exit 1; }
cat >"$work/program/CMakeLists.txt" <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(Outside CXX)
find_package(Retrograd 0.1 REQUIRED)
add_executable(outside main.cpp)
target_link_libraries(outside retrograd::retrograd)
TEXT
cmake -S "$work/program" -B "$work/program/build" -G Ninja "-DCMAKE_PREFIX_PATH=$prefix" >/dev/null
cmake --build "$work/program/build"

# oneDNN brings libgomp; a second OpenMP runtime beside it would be a fault of the link.
runtimes=$(ldd "$work/program/build/outside" | grep -cE 'lib(g|i|)omp')
[ "$runtimes" -le 1 ] || { echo "$runtimes OpenMP runtimes in one program"; exit 1; }

cd "$source_folder"
"$work/program/build/outside" | tee "$work/output.txt"
awk '/accuracy/ { for (i = 1; i <= NF; ++i) if ($i + 0 >= 0.9) good = 1 } END { exit !good }' "$work/output.txt" \
  || { echo "the program reports no accuracy of at least 0.9"; exit 1; }

cp -r "$source_folder/examples/own_op" "$work/own_op"
cmake -S "$work/own_op" -B "$work/own_op/build" -G Ninja "-DCMAKE_PREFIX_PATH=$prefix" >/dev/null
cmake --build "$work/own_op/build"
"$work/own_op/build/own_op" || { echo "examples/own_op does not learn"; exit 1; }
