#!/usr/bin/env bash
# Runs a page of the cookbook: its blocks of shell and C++, in order, in an empty folder with data/. Each line of a block of
# text that follows must be part of what the block before it printed.
# Arguments: page, source folder, folder of the tool, library.
set -euo pipefail
page=$1
source_folder=$2
tool_folder=$3
library=$4
links='-ldnnl -lhwy -lfmt -lmd -lz -lpng -ljpeg -lgomp -pthread'  # what the static library uses
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$source_folder/data" "$work/data"
cd "$work"
export PATH=$tool_folder:$PATH

# Blocks become files: 1.sh, 2.text, 3.cpp, ...
awk '/^```[a-z]+$/ { kind = substr($0, 4); file = ++n "." kind; printf "" >file; next }
     /^```$/ { file = ""; next }
     file { print >file }' "$page"
count=$(find . -maxdepth 1 -regex './[0-9]+\.[a-z]+' | wc -l)
[ "$count" -gt 0 ] || { echo "$page has no blocks"; exit 1; }
for ((i = 1; i <= count; ++i)); do
  if [ -e "$i.sh" ]; then
    bash -euo pipefail "$i.sh" >printed.txt 2>&1 || { cat printed.txt; echo "block $i failed"; exit 1; }
  elif [ -e "$i.cpp" ]; then
    # shellcheck disable=SC2086
    g++ -std=c++20 -O0 -Wall -Wextra -Werror -I"$source_folder/include" "$i.cpp" "$library" $links -o program
    ./program >printed.txt 2>&1 || { cat printed.txt; echo "block $i failed"; exit 1; }
  elif [ -e "$i.text" ]; then
    while IFS= read -r line; do
      grep -qF -- "$line" printed.txt || { cat printed.txt; echo "block $i: nothing like: $line"; exit 1; }
    done <"$i.text"
  else
    echo "block $i is neither sh, cpp nor text"
    exit 1
  fi
done
