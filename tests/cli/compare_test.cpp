// Runs beside each other, their settings taken out again, their profile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Two runs that differ in learning rate and epochs.
class Runs : public testing::Test {
 protected:
  Runs() {
    here.write("rows.csv", two_classes(100));
    train("a", "0.01", "2");
    train("b", "0.02", "3");
  }
  void train(const std::string& out, const std::string& rate, const std::string& epochs) {
    const Outcome outcome = here.run({"train", "rows.csv", "--model", "linear(4), relu, linear(2)", "--lr",
                                      rate, "--epochs", epochs, "--out", out, "-q"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  Workplace here;
};

TEST_F(Runs, AreComparedBySettingsThatDifferAndFigures) {
  const Outcome outcome = here.run({"compare", "a", "b", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_THAT(json.at("differing"), testing::IsSupersetOf({"lr", "epochs"}));
  EXPECT_THAT(json.at("differing"), Not(testing::Contains("model")));
  const nlohmann::json result = nlohmann::json::parse(here.read("b/result.json"));
  EXPECT_EQ(json.at("runs").at(0).at("settings").at("lr"), "0.01");
  EXPECT_EQ(json.at("runs").at(1).at("settings").at("epochs"), "3");
  for (const char* key : {"parameters", "epochs", "best_epoch", "test", "validation", "train", "seconds"}) {
    EXPECT_EQ(json.at("runs").at(1).at(key), result.at(key)) << key;
  }
  const std::string text = here.run({"compare", "a", "b"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("lr"), HasSubstr("0.02"), HasSubstr("test accuracy"),
                          HasSubstr("parameters"), Not(HasSubstr("model"))));
}

TEST_F(Runs, ThatAreNotFinishedHaveNoFiguresYet) {
  std::filesystem::remove(here.file("b/result.json"));
  const Outcome outcome = here.run({"compare", "a", "b", "--json"});
  EXPECT_EQ(outcome.json().at("runs").at(1).at("finished"), false);
  EXPECT_TRUE(outcome.json().at("runs").at(1).at("test").is_null());
  EXPECT_THAT(here.run({"compare", "a", "b"}).err, HasSubstr("b: is not finished"));
}

TEST_F(Runs, ThatAreNoneAreRefused) {
  EXPECT_EQ(here.run({"compare", "a", "nowhere"}).exit_code, 3);
  here.write("other/notes.txt", "mine");
  EXPECT_EQ(here.run({"compare", "other"}).exit_code, 2);
  EXPECT_EQ(here.run({"compare"}).exit_code, 2);
  here.write("a/result.json", "{ cut");
  const Outcome damaged = here.run({"compare", "a", "b"});
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_THAT(damaged.err, HasSubstr("result.json"));
}

TEST_F(Runs, OfAnyNumberFitTheWidthOfTheTerminal) {
  std::vector<std::string> arguments{"compare"};
  for (int i = 0; i < 9; ++i) arguments.push_back(i % 2 == 0 ? "a" : "b");
  ::setenv("COLUMNS", "60", 1);
  const std::string text = here.run(arguments).out;
  ::unsetenv("COLUMNS");
  std::size_t lines = 0, longest = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const std::size_t end = text.find('\n', at);
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  EXPECT_LE(longest, 60u) << text;
  EXPECT_GT(lines, 20u) << "several blocks of columns";
}

// The folders above the data are cut, its name stays.
TEST_F(Runs, OfOtherDataShowItsName) {
  const std::string deep = "a-folder-with-a-long-name/";
  for (const char* name : {"first-season.csv", "second-season.csv"}) {
    here.write(deep + name, two_classes(60));
    const Outcome outcome = here.run(
        {"train", deep + name, "--epochs", "1", "--out", deep + std::string("run-") + name[0], "-q"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  const std::string text = here.run({"compare", deep + "run-f", deep + "run-s"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("/first-season.csv"), HasSubstr("/second-season.csv"), HasSubstr("run-f"),
                          HasSubstr("run-s")));
}

TEST_F(Runs, ExportTheirConfigurationWhichTrainsTheSameModel) {
  const Outcome outcome = here.run({"export-config", "a"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, here.read("a/config.toml"));
  here.write("mine.toml", outcome.out);
  ASSERT_EQ(here.run({"train", "mine.toml", "--out", "c", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/model.safetensors") == here.read("c/model.safetensors"));
  const nlohmann::json settings = here.run({"export-config", "a", "--json"}).json().at("settings");
  EXPECT_EQ(settings.at("lr"), 0.01);
  EXPECT_EQ(settings.at("epochs"), 2);
  EXPECT_EQ(settings.at("model"), "linear(4), relu, linear(2)");
}

TEST_F(Runs, ExportWhatAModelFileTells) {
  const Outcome outcome = here.run({"export-config", "b/model.safetensors"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("model = 'linear(4), relu, linear(2)'"), HasSubstr("target = 'class'"),
                    HasSubstr("seed = 1"), Not(HasSubstr("data ="))));
  EXPECT_THAT(outcome.err, HasSubstr("names no data"));
  here.write("mine.toml", "data = 'rows.csv'\n" + outcome.out);
  EXPECT_EQ(here.run({"train", "mine.toml", "--out", "c", "-q"}).exit_code, 0);
  EXPECT_EQ(here.run({"export-config", "nowhere"}).exit_code, 3);
  here.write("other/notes.txt", "mine");
  EXPECT_EQ(here.run({"export-config", "other"}).exit_code, 2);
}

TEST_F(Runs, AreProfiledByLayerAndKernelAndAsATrace) {
  const Outcome outcome = here.run({"train", "a", "--out", "p", "--profile", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("layer"), HasSubstr("kernel"), HasSubstr("linear_1"),
                                 HasSubstr("GFLOP/s"), HasSubstr("p/profile.json")));
  const nlohmann::json trace = nlohmann::json::parse(here.read("p/profile.json"));
  EXPECT_FALSE(trace.at("traceEvents").empty());
  // Looking does not change what is learned.
  EXPECT_TRUE(here.read("a/model.safetensors") == here.read("p/model.safetensors"));
  EXPECT_FALSE(here.has("a/profile.json"));
}

}  // namespace
