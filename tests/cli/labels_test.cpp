// Several labels a row in the tool: what train, eval and predict say, and how it goes with the other flags.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Points of the unit square: `list` in one column of labels, else a column of 0 and 1 for each.
std::string points(int rows, bool list) {
  std::string text = list ? "x,y,kinds\n" : "x,y,left,low\n";
  for (int i = 0; i < rows; ++i) {
    const double x = i * 37 % 101 / 101.0, y = i * 61 % 103 / 103.0;
    const bool left = x < 0.4, low = y < 0.5;
    const char* kinds = left && low ? "left|low" : left ? "left" : low ? "low" : "";
    text += list ? fmt::format("{:.4f},{:.4f},{}\n", x, y, kinds)
                 : fmt::format("{:.4f},{:.4f},{},{}\n", x, y, left ? 1 : 0, low ? 1 : 0);
  }
  return text;
}

class SeveralLabels : public testing::Test {
 protected:
  SeveralLabels() {
    here.write("list.csv", points(300, true));
    here.write("columns.csv", points(300, false));
    here.write("new.csv", "x,y\n0.1,0.9\n0.1,0.1\n0.9,0.9\n");
  }
  Outcome train(const std::vector<std::string>& more) {
    return here.run({"train", "list.csv", "--task", "multi-label", "--out", "run", "--json", "-q"}, more);
  }
  Workplace here;
};

TEST_F(SeveralLabels, PredictJoinsThemByBars) {
  const Outcome trained = train({});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_GT(trained.json()["test"]["f1"], 0.9);
  const Outcome csv = here.run({"predict", "run", "--data", "new.csv"});
  EXPECT_THAT(csv.out, StartsWith("prediction,p_left,p_low\nleft,0.9"));
  EXPECT_THAT(csv.out, AllOf(HasSubstr("\nleft|low,0."), HasSubstr("\n,"))) << "no label is an empty cell";
  const nlohmann::json json = here.run({"predict", "run", "--data", "new.csv", "--json"}).json();
  EXPECT_EQ(json[0]["prediction"], "left");
  EXPECT_EQ(json[1]["prediction"], "left|low");
  EXPECT_EQ(json[2]["prediction"], "");
  EXPECT_GT(json[1]["probabilities"]["left"], 0.5);
  EXPECT_GT(json[1]["probabilities"]["low"], 0.5);
}

TEST_F(SeveralLabels, EvalGivesTheFiguresOfTheTraining) {
  const nlohmann::json before = train({"--epochs", "5"}).json();
  const nlohmann::json after = here.run({"eval", "run", "--json"}).json();
  for (const char* part : {"train", "validation", "test"}) EXPECT_EQ(after[part], before[part]) << part;
  const Outcome text = here.run({"eval", "run", "--data", "list.csv"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("all right"), HasSubstr("test, by label"), HasSubstr("\nleft ")));
}

TEST_F(SeveralLabels, ColumnsOfZeroAndOneAreLabelsWithoutBeingTold) {
  const Outcome outcome =
      here.run({"train", "columns.csv", "--target", "left,low", "--epochs", "20", "--out", "run"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("2 labels"));
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("task = 'multi-label'"));
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("binary_cross_entropy"));
  EXPECT_THAT(here.read("run/metrics.csv"), HasSubstr("val_accuracy"));
  EXPECT_THAT(here.run({"predict", "run", "--data", "new.csv"}).out, StartsWith("prediction,p_left,p_low\n"));
  const Outcome numbers = here.run(
      {"train", "columns.csv", "--target", "left,low", "--task", "regression", "--epochs", "1", "--json"});
  EXPECT_TRUE(numbers.json()["test"].contains("r2"));
}

TEST_F(SeveralLabels, TheReportHasATableOfThem) {
  const Outcome outcome =
      here.run({"train", "list.csv", "--task", "multi-label", "--epochs", "5", "--out", "run"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("test, by label"), HasSubstr("F1 of all labels together"),
                                 HasSubstr("validation accuracy"), Not(HasSubstr("taken for"))));
  for (std::size_t at = 0; at < outcome.out.size();) {
    const std::size_t end = std::min(outcome.out.find('\n', at), outcome.out.size());
    if (outcome.out.substr(at, 6) != "It is ") {
      EXPECT_LE(end - at, 100u) << outcome.out.substr(at, end - at);
    }
    at = end + 1;
  }
  EXPECT_THAT(here.read("run/report.html"),
              AllOf(HasSubstr("<th>label</th>"), HasSubstr("<td>low</td>"), HasSubstr("all labels right"),
                    HasSubstr("of each label what most rows have"), HasSubstr("Worst rows"),
                    Not(HasSubstr("Confusion"))));
}

TEST_F(SeveralLabels, GoTogetherWithTheOtherVerbsAndFlags) {
  const std::vector<std::string> common{"train",    "list.csv", "--task", "multi-label",
                                        "--epochs", "3",        "--json", "-q"};
  const auto run = [&](const std::vector<std::string>& more) {
    const Outcome outcome = here.run(common, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    return outcome.json();
  };
  EXPECT_TRUE(run({"--cv", "3", "--out", "cv"})["mean"]["test"].contains("subset_accuracy"));
  const nlohmann::json ensemble = run({"--ensemble", "2", "--importance", "--out", "both"});
  EXPECT_EQ(ensemble["members"].size(), 2u);
  EXPECT_EQ(ensemble["importance"]["score"], "accuracy");
  EXPECT_EQ(here.run({"eval", "both", "--json"}).json()["test"], ensemble["test"]);
  const nlohmann::json search =
      run({"--search", "lr = 0.001..0.1, model = linear(4)|linear(8)", "--trials", "2", "--out", "search"});
  EXPECT_EQ(search["criterion"], "log_loss");
  EXPECT_TRUE(search["best"]["test"].contains("labels"));
  ASSERT_EQ(
      here.run({"train", "list.csv", "--task", "multi-label", "--epochs", "3", "--out", "a", "-q"}).exit_code,
      0);
  EXPECT_TRUE(run({"--from", "a", "--out", "b"})["test"].contains("labels"));
  EXPECT_EQ(here.run({"train", "a/config.toml", "--out", "again", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/model.safetensors") == here.read("again/model.safetensors"));
  EXPECT_EQ(here.run({"explain", "a", "--row", "3"}).exit_code, 0);
  EXPECT_EQ(here.run({"gradcheck", "a", "--elements", "5"}).exit_code, 0);
  EXPECT_THAT(here.run({"compare", "a", "b"}).out, HasSubstr("test all right"));
  EXPECT_THAT(here.run({"export-config", "a/model.safetensors"}).out, HasSubstr("multi-label"));
}

TEST_F(SeveralLabels, RefuseWhatIsForClasses) {
  const auto expect = [&](std::vector<std::string> more, const char* message) {
    const Outcome outcome = train(more);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr(message));
  };
  expect({"--class-weights", "balanced"}, "several labels a row have none");
  expect({"--label-smoothing", "0.1"}, "label smoothing");
  expect({"--loss", "focal"}, "known are binary_cross_entropy, half_squared_error, mse");
  const Outcome unknown = here.run({"train", "list.csv", "--task", "multilabel"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("known are classification, regression, multi-label"));
  EXPECT_FALSE(here.has("run"));
}

TEST_F(SeveralLabels, BadCellsAreErrorsOfDataThatNameTheLine) {
  here.write("third.csv", "x,a,b\n1,0,1\n2,1,2\n3,0,0\n");
  const Outcome third = here.run({"train", "third.csv", "--target", "a,b", "--task", "multi-label"});
  EXPECT_EQ(third.exit_code, 3);
  EXPECT_THAT(third.err,
              AllOf(HasSubstr("third.csv: line 3"), HasSubstr("\"b\" is \"2\""), HasSubstr("0 or 1")));
  ASSERT_EQ(train({"--epochs", "1"}).exit_code, 0);
  here.write("unknown.csv", "x,y,kinds\n0.1,0.2,left\n0.1,0.2,left|lows\n");
  const Outcome unknown = here.run({"eval", "run", "--data", "unknown.csv"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("unknown.csv: line 3"), HasSubstr("\"lows\""),
                                 HasSubstr("did you mean \"low\"")));
}

TEST_F(SeveralLabels, ListsAreClassesUntilOneSaysOtherwise) {
  here.write("full.csv", "x,kinds\n1,a|b\n2,a\n3,a|b\n4,a\n5,a|b\n6,a\n7,a|b\n8,a\n9,a|b\n10,a\n");
  const Outcome outcome = here.run({"train", "full.csv", "--epochs", "1"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("2 classes"), HasSubstr("multi-label learns the labels")));
}

}  // namespace
