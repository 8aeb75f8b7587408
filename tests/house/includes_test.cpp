// The arrows of docs/architecture.md, section 3, hold for every #include of the tree, and the rules find a
// planted error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "house/house.h"

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path root = RETROGRAD_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

house::House read_house() {
  house::House house;
  for (const auto& entry : fs::directory_iterator(root / "src")) {
    if (!fs::exists(entry.path() / "CMakeLists.txt")) continue;
    house::Folder folder = house::parse_folder(read(entry.path() / "CMakeLists.txt"));
    for (const std::string& header : folder.headers) house.header_owner[header] = folder.name;
    house.folders[folder.name] = folder;
  }
  return house;
}

bool is_source(const fs::path& path) {
  return path.extension() == ".cpp" || path.extension() == ".h" || path.extension() == ".hpp";
}

// A house of two floors, for the planted errors.
house::House small_house() {
  house::House house;
  house.folders["core"] = {"core", {}, {"error.h"}};
  house.folders["kernels"] = {"kernels", {"core"}, {}};
  house.folders["plan"] = {"plan", {"kernels", "core"}, {}};
  house.header_owner["error.h"] = "core";
  house.header_owner["plan.h"] = "plan";
  return house;
}

TEST(Includes, FollowTheArrowsOfTheHouse) {
  const house::House house = read_house();
  std::vector<std::string> found;
  size_t files = 0;
  for (const char* top : {"src", "include", "apps"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      const std::string path = fs::relative(entry.path(), root).generic_string();
      for (const std::string& problem : house::violations(house, path, read(entry.path())))
        found.push_back(problem);
      ++files;
    }
  }
  EXPECT_GT(files, 20u);
  EXPECT_THAT(found, IsEmpty());
}

TEST(House, IsTheOneOfTheArchitecturePage) {
  const house::House house = read_house();
  const auto table = house::parse_architecture(read(root / "docs/architecture.md"));
  ASSERT_GE(table.size(), 14u);
  std::set<std::string> above;
  for (const house::Folder& row : table) {
    ASSERT_TRUE(house.folders.contains(row.name)) << "src/" << row.name << "/CMakeLists.txt";
    EXPECT_EQ(house.folders.at(row.name).links, row.links) << "src/" << row.name;
    for (const std::string& link : row.links)
      EXPECT_TRUE(above.contains(link)) << row.name << " uses " << link;
    above.insert(row.name);
  }
  EXPECT_EQ(house.folders.size(), table.size());
}

TEST(House, EveryPublicHeaderHasOneOwner) {
  std::map<std::string, int> owners;
  for (const auto& [name, folder] : read_house().folders) {
    for (const std::string& header : folder.headers) ++owners[header];
  }
  for (const auto& entry : fs::directory_iterator(root / "include/retrograd")) {
    const std::string name = entry.path().filename().string();
    EXPECT_EQ(owners[name], name == "retrograd.h" ? 0 : 1) << name;
  }
}

TEST(House, TheUmbrellaHeaderReachesEveryPublicHeader) {
  std::set<std::string> reached;
  std::vector<std::string> open{"retrograd.h"};
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    if (!reached.insert(name).second) continue;
    for (const house::Include& include : house::parse_includes(read(root / "include/retrograd" / name))) {
      if (include.path.starts_with("retrograd/")) open.push_back(include.path.substr(10));
    }
  }
  for (const auto& entry : fs::directory_iterator(root / "include/retrograd")) {
    EXPECT_TRUE(reached.contains(entry.path().filename().string())) << entry.path().filename();
  }
}

TEST(Rules, FindAnArrowThatPointsUpward) {
  const auto found =
      house::violations(small_house(), "src/core/a.cpp", "#include <vector>\n#include \"plan/plan.h\"\n");
  EXPECT_THAT(found, ElementsAre(HasSubstr("core may not use plan")));
  EXPECT_THAT(house::violations(small_house(), "src/core/a.cpp", "#include <retrograd/plan.h>"),
              ElementsAre(HasSubstr("core may not use plan")));
  EXPECT_THAT(house::violations(small_house(), "src/plan/a.cpp",
                                "#include \"core/a.h\"\n#include <retrograd/error.h>"),
              IsEmpty());
}

TEST(Rules, KeepKernelsBehindTheirContract) {
  EXPECT_THAT(house::violations(small_house(), "src/plan/a.cpp", "#include \"kernels/kernel.h\""), IsEmpty());
  EXPECT_THAT(house::violations(small_house(), "src/plan/a.cpp", "#include \"kernels/cpu/matmul.h\""),
              ElementsAre(HasSubstr("only the contract")));
}

TEST(Rules, AllowOneDnnInCpuKernelsOnly) {
  const std::string text = "#include <oneapi/dnnl/dnnl.hpp>\n";
  EXPECT_THAT(house::violations(small_house(), "src/kernels/cpu/matmul.cpp", text), IsEmpty());
  EXPECT_THAT(house::violations(small_house(), "src/kernels/reference/matmul.cpp", text),
              ElementsAre(HasSubstr("oneDNN")));
  EXPECT_THAT(house::violations(small_house(), "src/plan/a.cpp", "#  include <dnnl.hpp>"),
              ElementsAre(HasSubstr("oneDNN")));
}

TEST(Rules, KeepPublicHeadersLight) {
  for (const char* include : {"<functional>", "<sstream>", "<regex>", "<fmt/core.h>", "\"core/fail.h\""}) {
    EXPECT_EQ(
        house::violations(small_house(), "include/retrograd/error.h", std::string("#include ") + include)
            .size(),
        1u)
        << include;
  }
  EXPECT_THAT(house::violations(small_house(), "include/retrograd/error.h", "#include <string>"), IsEmpty());
}

TEST(Rules, KeepAppsOnPublicHeaders) {
  EXPECT_THAT(house::violations(small_house(), "apps/cli/main.cpp", "#include \"core/fail.h\""),
              ElementsAre(HasSubstr("public headers")));
  EXPECT_THAT(
      house::violations(small_house(), "apps/cli/main.cpp",
                        "#include \"cli/verbs.h\"\n#include <retrograd/retrograd.h>\n#include <CLI/CLI.hpp>"),
      IsEmpty());
}

}  // namespace
