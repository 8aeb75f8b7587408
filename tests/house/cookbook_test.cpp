// Every page of docs/cookbook/ does what it says: its blocks of shell and C++ run, and what it shows as their
// output is part of it (tests/house/cookbook.sh).
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "house/process.h"

namespace {

namespace fs = std::filesystem;

const fs::path root = RETROGRAD_SOURCE_DIR;

std::vector<std::string> pages() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root / "docs/cookbook")) {
    if (entry.path().stem() != "README") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const fs::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

fs::path path_of(const std::string& page) { return root / "docs/cookbook" / (page + ".md"); }

class Cookbook : public testing::TestWithParam<std::string> {};

TEST_P(Cookbook, HasAtMostFortyLines) {
  const std::string text = text_of(path_of(GetParam()));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40);
}

TEST_P(Cookbook, DoesWhatItSays) {
#ifdef RETROGRAD_SANITIZED
  if (text_of(path_of(GetParam())).find("```cpp") != std::string::npos)
    GTEST_SKIP() << "a program would need the sanitizers of the library";
#endif
  const std::string tool_folder = fs::path(RETROGRAD_TOOL).parent_path().string();
  const auto result =
      house::run_command((root / "tests/house/cookbook.sh").string() + " " + path_of(GetParam()).string() +
                         " " + root.string() + " " + tool_folder + " " + RETROGRAD_LIBRARY);
  EXPECT_EQ(result.exit_code, 0) << result.output;
}

INSTANTIATE_TEST_SUITE_P(Pages, Cookbook, testing::ValuesIn(pages()), [](const auto& tested) {
  std::string name = tested.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

TEST(CookbookContents, ListEveryPage) {
  const std::string contents = text_of(root / "docs/cookbook/README.md");
  for (const std::string& page : pages())
    EXPECT_NE(contents.find("(" + page + ".md)"), std::string::npos) << page;
}

}  // namespace
