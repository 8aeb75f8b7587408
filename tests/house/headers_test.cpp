// Each public header compiles alone, and the program of the README compiles fast, with g++ and with clang++.
// Not here: linking and running that program (tests/house/install.sh).
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "house/process.h"

namespace {

namespace fs = std::filesystem;

const fs::path root = RETROGRAD_SOURCE_DIR;
const std::string compilers[] = {"g++", "clang++"};

std::vector<std::string> public_headers() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root / "include/retrograd")) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string compile_command(const std::string& compiler, const std::string& rest) {
  return compiler + " -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Werror -I" + (root / "include").string() +
         " " + rest;
}

using Case = std::tuple<std::string, std::string>;

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = std::get<0>(info.param) + "_" + std::get<1>(info.param);
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

// A source file of this process alone, so that test runs beside this one do not meet.
fs::path source_path(const std::string& name) {
  return fs::path(testing::TempDir()) / ("retrograd_" + std::to_string(getpid()) + "_" + name + ".cpp");
}

class PublicHeader : public testing::TestWithParam<Case> {};

// The header is included twice, so a missing #pragma once shows too.
TEST_P(PublicHeader, CompilesAlone) {
  const auto& [compiler, header] = GetParam();
  const fs::path source = source_path(case_name({GetParam(), 0}));
  const std::string line = "#include <retrograd/" + header + ">\n";
  std::ofstream(source) << line << line;
  const auto result = house::run_command(compile_command(compiler, "-fsyntax-only " + source.string()));
  fs::remove(source);
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

INSTANTIATE_TEST_SUITE_P(All, PublicHeader,
                         testing::Combine(testing::ValuesIn(compilers), testing::ValuesIn(public_headers())),
                         case_name);

class ReadmeProgram : public testing::TestWithParam<std::string> {};

// The first C++ block of README.md.
std::string readme_program() {
  std::ifstream stream(root / "README.md");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::string fence = "```cpp\n";
  const size_t begin = text.find(fence);
  if (begin == std::string::npos) return "";
  const size_t first = begin + fence.size();
  return text.substr(first, text.find("```", first) - first);
}

// Three seconds is the promise to users. Processor time is measured, which other tests beside this one do not
// change.
TEST_P(ReadmeProgram, CompilesInUnderThreeSeconds) {
  const std::string program = readme_program();
  ASSERT_NE(program.find("int main"), std::string::npos);
  const fs::path source = source_path("readme_" + GetParam());
  std::ofstream(source) << program;
  const auto result = house::run_command(compile_command(GetParam(), "-c -o /dev/null " + source.string()));
  fs::remove(source);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_LT(result.cpu_seconds, 3.0);
}

INSTANTIATE_TEST_SUITE_P(All, ReadmeProgram, testing::ValuesIn(compilers),
                         [](const auto& tested) { return tested.param[0] == 'g' ? "gcc" : "clang"; });

}  // namespace
