// The tool on time series: windows of rows, from training to prediction, and what it says of what does not
// fit.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::HasSubstr;

// A sine of period 12: two rows say what comes next, one does not.
std::string sine(int rows) {
  std::string text = "y\n";
  for (int i = 0; i < rows; ++i) text += fmt::format("{:.6f}\n", std::sin(i * 2 * M_PI / 12));
  return text;
}

class SeriesTool : public testing::Test {
 protected:
  Outcome train(const std::vector<std::string>& more) {
    return here.run({"train", "s.csv", "-q", "--json"}, more);
  }
  void expect_error(std::vector<std::string> more, int exit_code, const std::string& message) {
    const Outcome outcome = here.run(more);
    EXPECT_EQ(outcome.exit_code, exit_code);
    EXPECT_THAT(outcome.err + outcome.out, HasSubstr(message));
    EXPECT_FALSE(here.has("runs")) << "nothing is left behind";
  }
  Workplace here;
};

TEST_F(SeriesTool, TrainsEvaluatesPredictsAndRepeats) {
  here.write("s.csv", sine(300));
  const Outcome trained = train({"--target", "y", "--window", "6", "--horizon", "2", "--model",
                                 "gru(8), linear(1)", "--lr", "0.02", "--epochs", "12", "--out", "run"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const nlohmann::json figures = trained.json();
  // 300 rows: 60 test, 24 validation, 216 training; a window and its target span 8.
  EXPECT_EQ(figures["train"]["rows"], 209);
  EXPECT_EQ(figures["validation"]["rows"], 17);
  EXPECT_EQ(figures["test"]["rows"], 53);
  EXPECT_GT(figures["test"]["r2"], 0.9);
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("window = 6\nhorizon = 2"));
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("gru(8), last, linear(1)"));
  EXPECT_EQ(here.run({"eval", "run", "--json"}).json()["test"], figures["test"]);
  EXPECT_EQ(here.run({"eval", "run", "--data", "s.csv", "--json"}).json()["test"]["rows"], 293);

  const Outcome predicted = here.run({"predict", "run", "--data", "s.csv"});
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  EXPECT_EQ(std::count(predicted.out.begin(), predicted.out.end(), '\n'), 1 + 295);
  EXPECT_THAT(predicted.err, HasSubstr("predicted are rows 8 to 302"));

  EXPECT_THAT(here.run({"export-config", "run/model.safetensors"}).out, HasSubstr("window = 6\nhorizon = 2"));
  const Outcome again = here.run({"train", "run/config.toml", "--out", "again", "-q"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(here.read("again/model.safetensors"), here.read("run/model.safetensors"));
}

TEST_F(SeriesTool, HasANetworkOfItsOwnForClassesToo) {
  std::string text = "x,up\n";
  for (int i = 0; i < 80; ++i) text += fmt::format("{},{}\n", i * i % 17, i % 3 == 0 ? "yes" : "no");
  here.write("s.csv", text);
  const Outcome trained = train({"--window", "4", "--epochs", "1", "--out", "run", "--importance"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("gru(64), last, linear(2)"));
  const Outcome predicted = here.run({"predict", "run", "--data", "s.csv", "-q"});
  EXPECT_EQ(predicted.out.substr(0, predicted.out.find('\n')), "prediction,p_no,p_yes");
}

TEST_F(SeriesTool, AFreshNetworkIsShownAndCheckedForItsHorizon) {
  here.write("s.csv", sine(200));
  const std::vector<std::string> flags{"--data", "s.csv",    "--window", "4", "--model", "gru(3), linear(1)",
                                       "--json", "--horizon"};
  for (const std::string verb : {"summary", "gradcheck"}) {
    std::vector<std::string> words{verb};
    words.insert(words.end(), flags.begin(), flags.end());
    const Outcome outcome = here.run(words, {"9"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.out;
    if (verb == "summary") {
      EXPECT_EQ(outcome.json()["input"], nlohmann::json({4, 1}));
    } else {
      EXPECT_EQ(outcome.json()["passed"], true);
    }
    // 16 rows of validation: the horizon decides whether a part holds a window with its target.
    words.emplace_back("40");
    expect_error(words, 3, "needs 44");
    expect_error({verb, "--data", "s.csv", "--horizon", "2", "--model", "linear(1)"}, 2,
                 "--horizon: is for a time series");
  }
}

TEST_F(SeriesTool, SaysWhichRowsAreTooFew) {
  here.write("s.csv", sine(40));
  expect_error({"train", "s.csv", "--window", "48"}, 3,
               "s.csv: has 40 rows, and a window of 48 with its target 1 row later needs 49; take a shorter "
               "window, or more rows");
  expect_error(
      {"train", "s.csv", "--window", "6"}, 3,
      "s.csv: the validation part has 3 rows, and a window of 6 with its target 1 row later needs 7");
  const Outcome trained =
      train({"--window", "6", "--val", "0", "--test", "0", "--epochs", "1", "--out", "run"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  here.write("few.csv", sine(5));
  expect_error({"predict", "run", "--data", "few.csv"}, 3,
               "few.csv: has 5 rows, and the model takes windows of 6");
  expect_error({"eval", "run", "--data", "few.csv"}, 3, "needs 7");
}

TEST_F(SeriesTool, RefusesSettingsThatDoNotGoWithIt) {
  here.write("s.csv", "x,y\n1,2.5\n2,3\n3,4\n4,5\n");
  here.write("a.txt", "abc");
  expect_error({"train", "s.csv", "--horizon", "2"}, 2, "--horizon: is for a time series");
  expect_error({"train", "s.csv", "--window", "0"}, 2, "--window: 0 is out of range; expected at least 1");
  expect_error({"train", "s.csv", "--window", "2", "--horizon", "-1"}, 2, "--horizon: -1 is out of range");
  expect_error({"train", "s.csv", "--window", "2", "--weight", "x"}, 2, "weight: goes not with windows");
  expect_error({"train", "a.txt", "--window", "2"}, 2, "--window: is for tables");
}

TEST_F(SeriesTool, NamesTheLayerThatDoesNotFit) {
  here.write("s.csv", sine(100));
  expect_error({"train", "s.csv", "--window", "4", "--model", "gru(8), linear(3)"}, 2,
               "linear_1, linear(3), gives 3 numbers a row, but the data has 1 target");
  expect_error({"train", "s.csv", "--window", "4", "--model", "conv(8, 3), linear(1)"}, 2,
               "conv for a sample [4, 1]");
}

}  // namespace
