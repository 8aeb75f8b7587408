// Several trainings as one: cross-validation, ensembles; and the importance of columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cli/schema.h"
#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::HasSubstr;
using testing::IsEmpty;

class SeveralTrainings : public testing::Test {
 protected:
  SeveralTrainings() { here.write("rows.csv", two_classes(150)); }
  Workplace here;
};

TEST_F(SeveralTrainings, ACrossValidationTestsEveryRowOnceAndTellsMeanAndDeviation) {
  const Outcome outcome = here.run({"train", "rows.csv", "--cv", "3", "--epochs", "5", "--json", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_THAT(cli_test::problems(json, "train-cv"), IsEmpty());
  ASSERT_EQ(json["folds"].size(), 3u);
  std::int64_t rows = 0;
  double sum = 0, squares = 0;
  for (const auto& fold : json["folds"]) {
    rows += fold["test"]["rows"].get<std::int64_t>();
    sum += fold["test"]["accuracy"].get<double>();
    squares += std::pow(fold["test"]["accuracy"].get<double>(), 2);
  }
  EXPECT_EQ(rows, 150);
  EXPECT_NEAR(json["mean"]["test"]["accuracy"].get<double>(), sum / 3, 1e-12);
  EXPECT_NEAR(json["deviation"]["test"]["accuracy"].get<double>(),
              std::sqrt(std::max(0.0, (squares - sum * sum / 3) / 2)), 1e-6);
  EXPECT_TRUE(here.has("runs/rows-1/fold-3/model.safetensors"));
  EXPECT_TRUE(here.has("runs/rows-1/cv.json"));
}

TEST_F(SeveralTrainings, AFoldIsRepeatedByItsConfigurationAndAllByThatOfTheFolder) {
  ASSERT_EQ(here.run({"train", "rows.csv", "--cv", "2", "--epochs", "3", "--out", "a", "-q"}).exit_code, 0);
  ASSERT_EQ(here.run({"train", "a/fold-2/config.toml", "--out", "b", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/fold-2/model.safetensors") == here.read("b/model.safetensors"));
  ASSERT_EQ(here.run({"train", "a/config.toml", "--out", "c", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/fold-1/model.safetensors") == here.read("c/fold-1/model.safetensors"));
  EXPECT_TRUE(here.read("a/fold-2/model.safetensors") == here.read("c/fold-2/model.safetensors"));
  // The folds of the run are known to eval.
  EXPECT_EQ(here.run({"eval", "a/fold-2", "--json"}).json()["test"]["rows"], 75);
}

TEST_F(SeveralTrainings, FoldsOfIdxFilesAreOfTheRowsOfTrain) {
  cli_test::write_idx(here, "images", 21);
  const auto run = [&](const std::vector<std::string>& flags) {
    return here.run({"train", "--model", "flatten, linear(2)", "--epochs", "1", "--json", "-q"}, flags);
  };
  const Outcome all = run({"images", "--cv", "3", "--val", "0.2", "--out", "cv"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  for (const auto& fold : all.json()["folds"]) {
    EXPECT_EQ(fold["train"]["rows"], 11);
    EXPECT_EQ(fold["validation"]["rows"], 3);
    EXPECT_EQ(fold["test"]["rows"], 7) << "none of t10k";
  }
  EXPECT_EQ(here.run({"eval", "cv/fold-3", "--json"}).json()["test"], all.json()["folds"][2]["test"]);
  ASSERT_EQ(run({"cv/fold-3/config.toml", "--out", "again"}).exit_code, 0);
  EXPECT_EQ(here.read("cv/fold-3/model.safetensors"), here.read("again/model.safetensors"));
  EXPECT_THAT(run({"images", "--val", "0.2"}).out, HasSubstr("--val: is for tables"));
  EXPECT_THAT(run({"images", "--cv", "3", "--val", "2"}).out, HasSubstr("--val: 2 is out of range"));
}

TEST_F(SeveralTrainings, AnEnsembleAveragesThePredictionsOfItsMembers) {
  const Outcome outcome =
      here.run({"train", "rows.csv", "--ensemble", "3", "--epochs", "4", "--out", "a", "--json", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(outcome.json()["members"].size(), 3u);
  EXPECT_EQ(outcome.json()["members"][2]["seed"], 3);
  const auto answers = [&](const std::string& run) {
    return here.run({"predict", run, "--data", "rows.csv", "--json"}).json();
  };
  const nlohmann::json all = answers("a"), one = answers("a/member-1"), two = answers("a/member-2"),
                       three = answers("a/member-3");
  for (const std::size_t row : {0u, 70u, 149u}) {
    const auto low = [&](const nlohmann::json& rows) {
      return rows[row]["probabilities"]["low"].get<double>();
    };
    EXPECT_NEAR(low(all), (low(one) + low(two) + low(three)) / 3, 1e-12);
  }
  EXPECT_NE(one, two) << "members have seeds of their own";
  const nlohmann::json again = here.run({"eval", "a", "--json"}).json();
  EXPECT_EQ(again["test"], outcome.json()["test"]);
}

TEST_F(SeveralTrainings, MembersOfOtherSplitsOrDamagedListsAreRefused) {
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "a/x", "-q"}).exit_code, 0);
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--seed", "9", "--out", "a/y", "-q"}).exit_code,
            0);
  here.write("a/ensemble.json", R"({"format": "retrograd ensemble", "members": ["x", "y"]})");
  const Outcome split = here.run({"eval", "a", "--data", "rows.csv"});
  EXPECT_EQ(split.exit_code, 3);
  EXPECT_THAT(split.err, HasSubstr("an ensemble has one split"));
  for (const char* list : {R"({"format": "retrograd ensemble", "members": ["../a/x"]})",
                           R"({"format": "retrograd ensemble", "members": []})", "{", ""}) {
    here.write("a/ensemble.json", list);
    EXPECT_EQ(here.run({"eval", "a", "--data", "rows.csv"}).exit_code, 3) << list;
  }
}

TEST_F(SeveralTrainings, ImportanceIsInTheReportAndTheSameByEval) {
  std::string table = "noise,colour,class\n";
  for (int i = 0; i < 200; ++i) {
    table += std::to_string(i * 7919 % 101) + (i % 2 == 0 ? ",red,yes\n" : ",blue,no\n");
  }
  here.write("colours.csv", table);
  const Outcome outcome =
      here.run({"train", "colours.csv", "--epochs", "30", "--importance", "--out", "a", "--json", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json importance = outcome.json()["importance"];
  ASSERT_EQ(importance["columns"].size(), 2u) << "a column of text is one";
  EXPECT_EQ(importance["columns"][0]["column"], "colour");
  EXPECT_GT(importance["columns"][0]["mean"], 0.3);
  EXPECT_EQ(importance["rows"], outcome.json()["test"]["rows"]);
  EXPECT_EQ(here.run({"eval", "a", "--importance", "--json"}).json()["importance"], importance);
  EXPECT_THAT(here.read("a/report.html"), HasSubstr("Importance of columns"));
  EXPECT_THAT(here.run({"eval", "a", "--importance"}).out, HasSubstr("accuracy lost"));
}

TEST_F(SeveralTrainings, RefusesWhatCannotBe) {
  EXPECT_EQ(here.run({"train", "rows.csv", "--cv", "1"}).exit_code, 2);
  EXPECT_EQ(here.run({"train", "rows.csv", "--cv", "500"}).exit_code, 2) << "more folds than rows";
  EXPECT_EQ(here.run({"train", "rows.csv", "--cv", "3", "--ensemble", "3"}).exit_code, 2);
  EXPECT_EQ(here.run({"train", "rows.csv", "--ensemble", "1"}).exit_code, 2);
  EXPECT_EQ(here.run({"train", "rows.csv", "--cv", "3", "--window", "4"}).exit_code, 2);
  EXPECT_FALSE(here.has("runs")) << "nothing is left";
}

}  // namespace
