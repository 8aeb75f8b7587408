// What the tool does with a trained network: eval, predict, summary; help and version.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// A run on two classes that a line parts.
class Use : public testing::Test {
 protected:
  Use() {
    here.write("rows.csv", two_classes(200));
    trained = here.run({"train", "rows.csv", "--out", "run", "--json", "-q"});
  }
  Workplace here;
  Outcome trained;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST_F(Use, EvalGivesTheFiguresOfTheTraining) {
  const nlohmann::json before = trained.json();
  const Outcome outcome = here.run({"eval", "run", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json after = outcome.json();
  for (const char* field : {"train", "validation", "test", "data", "seed", "parameters", "epochs",
                            "best_epoch", "stopped", "version"}) {
    EXPECT_EQ(after[field], before[field]) << field;
  }
  EXPECT_NEAR(after["seconds"]["training"], before["seconds"]["training"], 1e-6);
}

TEST_F(Use, EvalReportsOtherRowsAsTheTestPart) {
  here.write("new.csv", "class,b,a\nlow,1,1\nhigh,19,18\n");  // columns are found by name
  const nlohmann::json result = here.run({"eval", "run", "--data", "new.csv", "--json"}).json();
  EXPECT_EQ(result["test"]["rows"], 2);
  EXPECT_EQ(result["test"]["accuracy"], 1.0);
  EXPECT_TRUE(result["train"].is_null());
  EXPECT_EQ(result["data"]["rows"], 2);
  EXPECT_EQ(here.run({"eval", "run/model.safetensors", "--data", "new.csv"}).exit_code, 0);
}

TEST_F(Use, PredictAnswersInTheOrderOfTheRows) {
  here.write("new.csv", "a,b\n1,1\n19,18\n2,0\n");
  const Outcome outcome = here.run({"predict", "run", "--data", "new.csv"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::vector<std::string> lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "prediction,p_high,p_low");
  EXPECT_THAT(lines[1], StartsWith("low,"));
  EXPECT_THAT(lines[2], StartsWith("high,"));
  EXPECT_THAT(lines[3], StartsWith("low,"));

  const nlohmann::json json = here.run({"predict", "run", "--data", "new.csv", "--json"}).json();
  ASSERT_EQ(json.size(), 3u);
  EXPECT_EQ(json[1]["prediction"], "high");
  const double sum =
      json[1]["probabilities"]["low"].get<double>() + json[1]["probabilities"]["high"].get<double>();
  EXPECT_NEAR(sum, 1.0, 1e-12);
  EXPECT_EQ(std::stof(lines[2].substr(5)), json[1]["probabilities"]["high"].get<float>());
}

TEST_F(Use, PredictionsAgreeWithTheAccuracyOfEval) {
  const std::vector<std::string> rows = lines_of(here.read("rows.csv"));
  const std::vector<std::string> answers = lines_of(here.run({"predict", "run", "rows.csv"}).out);
  ASSERT_EQ(answers.size(), rows.size());
  double right = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    right += rows[i].substr(rows[i].rfind(',') + 1) == answers[i].substr(0, answers[i].find(',')) ? 1 : 0;
  }
  const nlohmann::json eval = here.run({"eval", "run", "rows.csv", "--json"}).json();
  EXPECT_NEAR(eval["test"]["accuracy"], right / 200, 1e-12);
}

TEST_F(Use, PredictWritesTheFileOfItsFlag) {
  const Outcome outcome = here.run({"predict", "run", "--data", "rows.csv", "-o", "answers.csv"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(here.read("answers.csv"), here.run({"predict", "run", "--data", "rows.csv"}).out);
}

TEST_F(Use, SummaryCountsTheParametersOfTheTraining) {
  const nlohmann::json summary = here.run({"summary", "run", "--json"}).json();
  EXPECT_EQ(summary["parameters"], trained.json()["parameters"]);
  // 2-64-64-2 with biases
  EXPECT_EQ(summary["parameters"], 2 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2);
  EXPECT_EQ(summary["layers"][0]["name"], "linear_1");
  EXPECT_EQ(summary["layers"][0]["shape"], nlohmann::json::array({64}));
  EXPECT_THAT(here.run({"summary", "run"}).out, AllOf(HasSubstr("linear(64)"), HasSubstr("total")));
}

TEST_F(Use, SummaryOfATextTakesTheShapeOfTheData) {
  const nlohmann::json summary =
      here.run({"summary", "--model", "linear(30), sigmoid, linear(2)", "--data", "rows.csv", "--json"})
          .json();
  EXPECT_EQ(summary["input"], nlohmann::json::array({2}));
  EXPECT_EQ(summary["parameters"], 2 * 30 + 30 + 30 * 2 + 2);
}

TEST(Images, ArePredictedFromAFileAndFromAFolder) {
  const Workplace here;
  cli_test::write_idx(here, "images", 60);
  ASSERT_EQ(here.run({"train", "images", "--epochs", "20", "--out", "run", "-q"}).exit_code, 0);
  const Outcome folder = here.run({"predict", "run", "--data", "images"});
  EXPECT_THAT(folder.out, StartsWith("prediction,p_0,p_1\n0,"));
  EXPECT_EQ(folder.out, here.run({"predict", "run", "--data", "images/t10k-images-idx3-ubyte"}).out);
  EXPECT_EQ(here.run({"eval", "run", "--data", "images", "--json"}).json()["test"]["accuracy"], 1.0);
}

TEST(Help, HasAnExampleForEachVerb) {
  const Workplace here;
  for (const char* verb : {"train", "eval", "predict", "summary"}) {
    const Outcome outcome = here.run({verb, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Examples:"), HasSubstr(std::string("retrograd ") + verb),
                                   HasSubstr("--json")));
  }
  EXPECT_THAT(here.run({"--help"}).out, HasSubstr("Examples:"));
}

TEST(Version, IsOneLine) {
  const Workplace here;
  const Outcome outcome = here.run({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, StartsWith("retrograd "));
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1);
}

// Two targets, of which one can be learnt and one is as good as noise.
TEST(SeveralTargets, EachHasFiguresOfItsOwnWhoseMeanIsThatOfTheRow) {
  const Workplace here;
  std::string rows = "x,line,noise\n";
  for (int i = 0; i < 200; ++i) rows += fmt::format("{},{},{}\n", i, 2 * i + 0.5, (i * 7919) % 101 + 0.5);
  here.write("rows.csv", rows);
  const Outcome trained =
      here.run({"train", "rows.csv", "--target", "line,noise", "--epochs", "30", "--out", "run", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const nlohmann::json test = trained.json()["test"];
  ASSERT_EQ(test["targets"].size(), 2u);
  EXPECT_EQ(test["targets"][0]["name"], "line");
  EXPECT_EQ(test["targets"][1]["name"], "noise");
  EXPECT_GT(test["targets"][0]["r2"], test["targets"][1]["r2"]);
  for (const char* figure : {"r2", "mae", "rmse"}) {
    const double first = test["targets"][0][figure], second = test["targets"][1][figure];
    // Sums of two numbers of at most 1e3, rounded to f64 in another order.
    EXPECT_NEAR(test[figure].get<double>(), (first + second) / 2,
                1e-12 * (1 + std::abs(first) + std::abs(second)))
        << figure;
  }
  EXPECT_EQ(here.run({"eval", "run", "--json"}).json()["test"], test);
  EXPECT_THAT(here.run({"eval", "run"}).out, AllOf(HasSubstr("test, by target"), HasSubstr("\nnoise ")));
  EXPECT_EQ(lines_of(here.run({"predict", "run", "--data", "rows.csv"}).out)[0],
            "prediction_line,prediction_noise");
}

TEST(SeveralTargets, OneTargetHasNoFiguresBesideThoseOfTheRow) {
  const Workplace here;
  std::string rows = "x,y\n";
  for (int i = 0; i < 60; ++i) rows += fmt::format("{},{}\n", i, 2 * i + 0.5);
  here.write("rows.csv", rows);
  const Outcome trained = here.run({"train", "rows.csv", "--epochs", "2", "--out", "run", "--json"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_FALSE(trained.json()["test"].contains("targets"));
  EXPECT_EQ(here.run({"eval", "run"}).out.find("by target"), std::string::npos);
}

}  // namespace
