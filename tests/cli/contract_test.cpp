// What the contract of the tool says and no other test shows: targets and tasks, cells that cannot be
// learned, defaults, metrics of a regression, data that changed behind a run, trainings that exclude each
// other.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Contract : public testing::Test {
 protected:
  // Trains one epoch and gives the result.
  Outcome train(const std::string& csv, const std::vector<std::string>& more = {}) {
    here.write("rows.csv", csv);
    return here.run({"train", "rows.csv", "--epochs", "1", "--json", "-q"}, more);
  }
  std::string message(const Outcome& outcome) { return outcome.json()["error"]["message"]; }
  Workplace here;
};

std::string cells(const char* header, int rows, const char* (*cell)(int)) {
  std::string text = header;
  for (int i = 0; i < rows; ++i) text += fmt::format("{},{}\n", i, cell(i));
  return text;
}

TEST_F(Contract, TextBoolAndTwentyIntegersAreClassesOtherNumbersAreNot) {
  const auto is_classes = [&](const std::string& csv, const std::vector<std::string>& more = {}) {
    const Outcome outcome = train(csv, more);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
    return outcome.json()["test"].contains("accuracy");
  };
  EXPECT_TRUE(is_classes(cells("x,y\n", 40, [](int i) { return i % 2 == 0 ? "red" : "blue"; })));
  EXPECT_TRUE(is_classes(cells("x,y\n", 40, [](int i) { return i % 2 == 0 ? "true" : "false"; })));
  const std::string integers = cells("x,y\n", 40, [](int i) { return i % 2 == 0 ? "3" : "4"; });
  EXPECT_TRUE(is_classes(integers));
  EXPECT_FALSE(is_classes(integers, {"--task", "regression"}));
  EXPECT_FALSE(is_classes(cells("x,y\n", 40, [](int i) { return i % 2 == 0 ? "3.5" : "4"; })));
  std::string many = "x,y\n";
  for (int i = 0; i < 63; ++i) many += fmt::format("{},{}\n", i, i % 21);
  EXPECT_FALSE(is_classes(many)) << "21 integers are numbers";
  EXPECT_TRUE(is_classes(integers, {"--target", "y"}));
  EXPECT_FALSE(is_classes(integers, {"--target", "x"})) << "40 integers are numbers";
}

TEST_F(Contract, AMissingTargetAndAnInfinityAreErrorsOfDataThatNameTheLine) {
  const Outcome missing = train("x,y\n1,a\n2,\n3,b\n");
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(message(missing), AllOf(HasSubstr("rows.csv: line 3"), HasSubstr("\"y\" is missing")));
  const Outcome infinite = train("x,y\n1,a\ninf,b\n3,b\n");
  EXPECT_EQ(infinite.exit_code, 3);
  EXPECT_THAT(message(infinite), AllOf(HasSubstr("rows.csv: line 3"), HasSubstr("\"x\"")));
  // A missing feature is none: it is the mean, with an indicator beside it.
  const Outcome feature =
      train("x,y\n1,a\nNA,b\n3,a\n,b\n5,a\n6,b\nNaN,a\n8,b\n9,a\n10,b\n", {"--out", "run"});
  EXPECT_EQ(feature.exit_code, 0) << feature.out;
  EXPECT_EQ(here.run({"summary", "run", "--json"}).json()["input"], nlohmann::json::array({2}));
}

TEST_F(Contract, DefaultsAreWrittenToTheConfiguration) {
  ASSERT_EQ(train(two_classes(200), {"--out", "classes"}).exit_code, 0);
  EXPECT_THAT(
      here.read("classes/config.toml"),
      AllOf(HasSubstr("\noptimizer = 'adamw'\n"), HasSubstr("\nloss = 'cross_entropy'\n"),
            HasSubstr("\nschedule = 'cosine'\n"), HasSubstr("\nbatch = 32\n"), HasSubstr("\nseed = 1\n"),
            HasSubstr("\ntest = 0.2\n"), HasSubstr("\nval = 0.1\n"), HasSubstr("\ntarget = 'class'\n")));
  ASSERT_EQ(here.run({"train", "rows.csv", "--out", "patient", "-q"}).exit_code, 0);
  EXPECT_THAT(here.read("patient/config.toml"),
              AllOf(HasSubstr("\nepochs = 100\n"), HasSubstr("\npatience = 10\n")));
  ASSERT_EQ(train(cells("x,y\n", 40, [](int i) { return i % 2 == 0 ? "3.5" : "4"; }), {"--out", "numbers"})
                .exit_code,
            0);
  EXPECT_THAT(here.read("numbers/config.toml"), HasSubstr("\nloss = 'mse'\n"));
  const std::string metrics = here.read("numbers/metrics.csv");
  EXPECT_EQ(metrics.substr(0, metrics.find('\n')),
            "epoch,step,seconds,learning_rate,train_loss,val_loss,val_r2,grad_norm");
  cli_test::write_idx(here, "images", 80);
  ASSERT_EQ(here.run({"train", "images", "--epochs", "1", "--out", "pictures", "-q"}).exit_code, 0);
  EXPECT_THAT(here.read("pictures/config.toml"), HasSubstr("\nbatch = 64\n"));
  std::string text;
  for (int i = 0; i < 40; ++i) text += "round and round it goes. ";
  here.write("book.txt", text);
  ASSERT_EQ(
      here.run({"train", "book.txt", "--epochs", "1", "--context", "8", "--out", "book", "-q"}).exit_code, 0);
  EXPECT_THAT(here.read("book/config.toml"), HasSubstr("lstm(256"));
}

TEST_F(Contract, EachFlagOfTrainingTellsItsDefault) {
  const std::string help = here.run({"train", "--help"}).out;
  const auto words = [](std::string text) {  // without the breaks of lines
    std::string plain;
    for (const char c : text) {
      if (c != '\n' && (c != ' ' || plain.empty() || plain.back() != ' ')) plain += c;
      if (c == '\n' && !plain.empty() && plain.back() != ' ') plain += ' ';
    }
    return plain;
  };
  for (const char* line :
       {"(the last column)", "(0.2)", "(0.1)", "(100)", "(32; images: 64)", "(10; with --epochs: 0)",
        "(adamw)", "(1)", "(the physical cores that are idle)", "(runs/<data>-<n>)", "(f32)"}) {
    EXPECT_THAT(words(help), HasSubstr(line));
  }
}

TEST_F(Contract, EveryPartHasAReportAndALog) {
  ASSERT_EQ(train(two_classes(100), {"--out", "run"}).exit_code, 0);
  for (const char* file : {"report.html", "result.json", "log.txt", "events.out.tfevents.retrograd"}) {
    EXPECT_TRUE(here.has(std::string("run/") + file)) << file;
  }
  EXPECT_THAT(here.read("run/log.txt"), AllOf(HasSubstr("Z retrograd train: "), HasSubstr("epoch 1/1")));
}

// Rows of the test part are not what the network has learned from: its figures are of other rows now.
TEST_F(Contract, EvalNotesDataThatChanged) {
  here.write("rows.csv", two_classes(60));
  std::string split;
  for (int i = 0; i < 60; ++i) split += i < 40 ? "train\n" : i < 50 ? "validation\n" : "test\n";
  here.write("split.csv", split);
  ASSERT_EQ(
      here.run({"train", "rows.csv", "--split-file", "split.csv", "--epochs", "1", "--out", "run", "-q"})
          .exit_code,
      0);
  std::string rows = here.read("rows.csv");
  EXPECT_THAT(here.run({"eval", "run"}).err, Not(HasSubstr("trained on")));
  rows = rows.substr(0, rows.rfind('\n', rows.size() - 2) + 1) + "1,1,low\n";
  here.write("rows.csv", rows);
  const Outcome changed = here.run({"eval", "run"});
  EXPECT_EQ(changed.exit_code, 0) << changed.err;
  EXPECT_THAT(changed.err, HasSubstr("rows.csv is not what the model was trained on."));
  EXPECT_THAT(changed.out, HasSubstr("accuracy"));
  EXPECT_EQ(here.run({"eval", "run", "-q"}).err, "");
  // Other rows of training: the figures of its parts cannot be made again.
  here.write("rows.csv", "a,b,class\n-500,3,low\n" + rows.substr(rows.find('\n') + 1));
  here.write("split.csv", "train\n" + split);
  const Outcome other = here.run({"eval", "run"});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.err,
              AllOf(HasSubstr("are not those that the model was trained on"), HasSubstr("--data")));
}

TEST_F(Contract, EvalNotesATextThatChanged) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "the cat sat on the mat. ";
  here.write("a.txt", text);
  ASSERT_EQ(here.run({"train", "a.txt", "--context", "8", "--model", "embedding(4), gru(4), linear(11)",
                      "--epochs", "1", "--out", "run", "-q"})
                .exit_code,
            0);
  text[text.size() - 3] = 'c';
  here.write("a.txt", text);
  EXPECT_THAT(here.run({"eval", "run"}).err, HasSubstr("a.txt is not what the model was trained on."));
}

TEST_F(Contract, WithoutRowsAVerbAsksForThem) {
  ASSERT_EQ(train(two_classes(60), {"--out", "run"}).exit_code, 0);
  const struct {
    std::vector<std::string> words;
    const char* message;
  } cases[] = {
      {{"train"}, "what shall be learned?"},
      {{"predict", "run"}, "which rows?"},
      {{"eval", "run/model.safetensors"}, "is no folder of a run; say what to evaluate by --data"},
      {{"train", "--resume"}, "which training?"},
      {{"train", "rows.csv", "--resume"}, "which training?"},
      {{"tune", "rows.csv"}, "what shall be searched?"},
      {{"tune", "rows.csv", "--resume"}, "which search?"},
      {{"train", "rows.csv", "--data", "rows.csv"}, "named twice"},
      {{"train", "rows.csv", "more"}, "one word too many"},
      {{"train", "rows.csv", "--context", "8"}, "--context: is for text"},
      {{"train", "rows.csv", "--task", "sorting"},
       "known are classification, regression, multi-label, reconstruction"},
      {{"train", "rows.csv", "--loss", "cross_entrpy"}, "did you mean \"cross_entropy\"?"},
      {{"train", "rows.csv", "--schedule", "cosin"}, "did you mean \"cosine\"?"},
      {{"train", "rows.csv", "--cv", "3", "--ensemble", "3"}, "take one of them"},
      {{"train", "rows.csv", "--search", "lr = 0.1..1", "--cv", "3"}, "goes not with --cv or --ensemble"},
      {{"train", "rows.csv", "--cv", "3", "--profile"}, "is of one training"},
      {{"train", "rows.csv", "--threads", "0"}, "expected 1 to 256"},
  };
  for (const auto& one : cases) {
    const Outcome outcome = here.run(one.words);
    EXPECT_EQ(outcome.exit_code, 2) << one.message << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("retrograd: "), HasSubstr(one.message)));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(Contract, MnistIsFoundByItsVariableOrSaysSo) {
  cli_test::write_idx(here, "data/mnist", 40);
  const char* set = ::getenv("RETROGRAD_DATA");
  const std::string before = set == nullptr ? "" : set;
  ::setenv("RETROGRAD_DATA", here.file("data").c_str(), 1);
  EXPECT_EQ(here.run({"train", "mnist", "--epochs", "1", "-q"}).exit_code, 0);
  ::unsetenv("RETROGRAD_DATA");
  const Outcome outcome = here.run({"train", "mnist", "--epochs", "1", "-q"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("say where its files are"), HasSubstr("RETROGRAD_DATA")));
  if (set != nullptr) ::setenv("RETROGRAD_DATA", before.c_str(), 1);
}

TEST_F(Contract, AStandardInputCannotBeReadAgain) {
  here.write("rows.csv", two_classes(60));
  here.write("line.sh", "cd '" + here.file("") +
                            "'; '" RETROGRAD_TOOL
                            "' train - --epochs 1 --out run -q < rows.csv > answer.txt");
  ASSERT_EQ(::system(("sh '" + here.file("line.sh") + "'").c_str()), 0);
  const Outcome outcome = here.run({"eval", "run"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("was trained on the standard input; say what to evaluate by --data"));
  EXPECT_EQ(here.run({"eval", "run", "--data", "rows.csv"}).exit_code, 0);
}

TEST_F(Contract, SecondsOfTrainingAreAPartOfAllSeconds) {
  const nlohmann::json seconds = train(two_classes(400)).json()["seconds"];
  EXPECT_GT(seconds["training"].get<double>(), 0);
  EXPECT_LT(seconds["training"].get<double>(), seconds["total"].get<double>());
}

}  // namespace
