// retrograd doctor: the machine, its limits, what is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;

// The names of what is missing.
std::vector<std::string> missing(const nlohmann::json& json) {
  std::vector<std::string> names;
  for (const auto& finding : json.at("missing")) names.push_back(finding.at("name"));
  return names;
}

class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = ::getenv(name)) before_ = before, had_ = true;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { had_ ? ::setenv(name_, before_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::string before_;
  bool had_ = false;
};

TEST(Doctor, MeasuresTheMachineAndChecksTheArithmetic) {
  const Workplace here;
  const Outcome outcome = here.run({"doctor", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_GE(json.at("machine").at("cores"), 1);
  EXPECT_GT(json.at("peak_gflops").at("one_thread"), 0.1);
  EXPECT_GT(json.at("peak_gflops").at("all_threads"), 0.1);
  EXPECT_GT(json.at("bandwidth_gb_s"), 0.1);
  EXPECT_EQ(json.at("libraries").at(0).at("name"), "Retrograd");
  EXPECT_EQ(json.at("libraries").at(0).at("version"), json.at("version"));
  std::vector<std::string> libraries;
  for (const auto& library : json.at("libraries")) {
    libraries.push_back(library.at("name"));
    EXPECT_THAT(library.at("version").get<std::string>(), testing::MatchesRegex("[0-9]+\\.[0-9].*"))
        << library;
  }
  EXPECT_THAT(libraries, testing::IsSupersetOf({"oneDNN", "Highway", "libpng", "zlib"}));
  EXPECT_THAT(libraries, testing::Contains(testing::StartsWith("libjpeg")));
  EXPECT_EQ(json.at("check").at("passed"), true);
}

TEST(Doctor, SaysWhatIsMissingWithTheRemedy) {
  const Workplace here;
  const Variable data("RETROGRAD_DATA", here.file("nothing")), all("LC_ALL", "C");
  const Outcome text = here.run({"doctor"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("processor"), HasSubstr("memory bandwidth"), HasSubstr("oneDNN"),
                              HasSubstr("Missing:"), HasSubstr("holds no mnist/"), HasSubstr("C.UTF-8")));
  here.write("nothing/mnist/readme", "");
  const Variable letters("LC_ALL", "C.UTF-8");
  for (const std::string& name : missing(here.run({"doctor", "--json"}).json())) {
    EXPECT_NE(name, "data");
    EXPECT_NE(name, "letters");
  }
}

}  // namespace
