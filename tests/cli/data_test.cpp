// retrograd data, and how tables are read by the flags of train and predict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using nlohmann::json;
using testing::HasSubstr;

// What an object must and may have by the schema.
void expect_members(const json& value, const json& schema) {
  for (const json& name : schema["required"]) EXPECT_TRUE(value.contains(name)) << name;
  for (const auto& [name, member] : value.items()) EXPECT_TRUE(schema["properties"].contains(name)) << name;
}

TEST(Data, DescribesATableAsTheSchemaSays) {
  Workplace here;
  here.write("t.csv", "id,born,name,y\n1,2020-01-05,x,1.5\n2,2020-02-05,y,2\n3,,x,7\n");
  const Outcome outcome = here.run({"data", "t.csv", "--type", "born=date", "--ignore", "id", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json found = outcome.json();
  const json schema =
      json::parse(std::ifstream(std::string(RETROGRAD_SOURCE_DIR) + "/docs/schemas/data.schema.json"));
  expect_members(found, schema);
  expect_members(found["data"], schema["properties"]["data"]);
  for (const json& column : found["columns"])
    expect_members(column, schema["properties"]["columns"]["items"]);
  ASSERT_EQ(found["columns"].size(), 3u);
  EXPECT_EQ(found["columns"][0]["max"], "2020-02-05");
  EXPECT_EQ(found["columns"][0]["missing"], 1);
  EXPECT_EQ(found["columns"][1]["top"][0], (json{{"value", "x"}, {"rows", 2}}));
  EXPECT_EQ(found["target"], "y");
  EXPECT_EQ(found["task"], "regression");

  const Outcome text = here.run({"data", "t.csv"});
  EXPECT_THAT(text.out, HasSubstr("t.csv: 3 rows, 4 columns"));
  EXPECT_THAT(text.out, HasSubstr("target: y, regression"));
  EXPECT_EQ(here.run({"data", "none.csv"}).exit_code, 3);
  EXPECT_EQ(here.run({"data"}).exit_code, 2);
}

TEST(Data, TakesTheTaskAsTrainDoes) {
  Workplace here;
  here.write("t.csv", "x,y,z\n1,0,1\n2,1,1\n3,0,0\n4,1,0\n");
  const auto task = [&](const std::vector<std::string>& flags) {
    return here.run({"data", "t.csv", "--json"}, flags).json()["task"];
  };
  EXPECT_EQ(task({}), "classification");
  EXPECT_EQ(task({"--task", "regression"}), "regression");
  EXPECT_EQ(task({"--target", "y,z"}), "multi-label");
  EXPECT_EQ(task({"--target", "y,z", "--task", "regression"}), "regression");
  EXPECT_THAT(here.run({"data", "t.csv", "--task", "regression"}).out, HasSubstr("target: z, regression"));
  const Outcome unknown = here.run({"data", "t.csv", "--task", "regresion"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("--task: \"regresion\" is unknown; known are"));
  here.write("words.csv", two_classes(20));
  const std::vector<std::string> flags{"words.csv", "--task", "regression"};
  const Outcome described = here.run({"data"}, flags);
  const Outcome trained = here.run({"train"}, flags);
  EXPECT_EQ(described.exit_code, 2);
  EXPECT_EQ(described.exit_code, trained.exit_code);
  EXPECT_EQ(described.err, trained.err);
}

// The network sees the class only through a date and words.
std::string dated_rows(int rows) {
  std::string text;
  for (int row = 0; row < rows; ++row) {
    const bool first = row % 2 == 0;
    text +=
        std::to_string(row) + ";" + (first ? "2020-01-" : "2023-07-") + std::to_string(10 + row % 19) + ";";
    text += std::string(first ? "a good thing" : "quite bad") + ";" + (first ? "yes" : "no") + "\n";
  }
  return text;
}

TEST(Data, TypesSeparatorAndHeaderGoToTheModelFile) {
  Workplace here;
  here.write("t.csv", dated_rows(200));
  const Outcome trained =
      here.run({"train", "t.csv", "--no-header", "--type", "c2=date", "--type", "c3=text", "--ignore", "c1",
                "--separator", ";", "--epochs", "40", "--out", "run", "--json", "-q"});
  ASSERT_EQ(trained.exit_code, 0) << trained.out << trained.err;
  EXPECT_EQ(trained.json()["test"]["accuracy"], 1);
  // The model knows how the rows are written; the target may be absent.
  here.write("new.csv", "7;2020-01-11;good;\n8;2023-07-12;bad;\n");
  const Outcome answers = here.run({"predict", "run", "--data", "new.csv", "--json"});
  ASSERT_EQ(answers.exit_code, 0) << answers.err;
  EXPECT_EQ(answers.json()[0]["prediction"], "yes");
  EXPECT_EQ(answers.json()[1]["prediction"], "no");
  const Outcome again = here.run({"eval", "run", "--json"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.json()["test"], trained.json()["test"]);
  here.write("wrong.csv", "7;tomorrow;good;yes\n");
  const Outcome wrong = here.run({"predict", "run", "--data", "wrong.csv"});
  EXPECT_EQ(wrong.exit_code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("wrong.csv: line 1: column \"c2\" has \"tomorrow\"; expected a date"));
}

TEST(Data, UnknownColumnsAndTypesAreErrorsOfUsage) {
  Workplace here;
  here.write("t.csv", two_classes(50));
  const auto error = [&](const std::vector<std::string>& flags) {
    const Outcome outcome = here.run({"train", "t.csv"}, flags);
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  EXPECT_THAT(error({"--type", "aa=number"}),
              HasSubstr("type: t.csv has no column \"aa\": did you mean \"a\"?"));
  EXPECT_THAT(error({"--type", "a=date,b=words"}), HasSubstr("\"words\" is no type of a column"));
  EXPECT_THAT(error({"--type", "a"}), HasSubstr("--type: \"a\" lacks the type"));
  EXPECT_THAT(error({"--ignore", "z"}), HasSubstr("ignore: t.csv has no column \"z\""));
  EXPECT_THAT(error({"--separator", "x"}),
              HasSubstr("--separator: \"x\" is unknown; known are , ; | tab auto"));
  EXPECT_THAT(error({"--weight", "z"}), HasSubstr("no column \"z\""));
}

// Rows of weight 0 teach nothing: the network learns from the others alone.
TEST(Data, WeightsDecideWhatIsLearned) {
  Workplace here;
  std::string text = "x,w,y\n";
  for (int row = 0; row < 400; ++row) {
    const int side = row % 4 < 2 ? 1 : -1;
    const bool wrong = row % 2 == 1;
    text += std::to_string(side * (1 + row % 7)) + (wrong ? ",0," : ",2,") +
            ((side > 0) != wrong ? "up" : "down") + "\n";
  }
  here.write("t.csv", text);
  const Outcome trained =
      here.run({"train", "t.csv", "--weight", "w", "--epochs", "60", "--out", "run", "-q"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  here.write("new.csv", "x\n5\n-5\n");
  const json answers = here.run({"predict", "run", "--data", "new.csv", "--json"}).json();
  EXPECT_EQ(answers[0]["prediction"], "up");
  EXPECT_EQ(answers[1]["prediction"], "down");
  EXPECT_GT(answers[0]["probabilities"]["up"], 0.9);
}

}  // namespace
