// What the tool says of bad input, and with which exit code: 2 usage, 3 data, 4 diverged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;

// Every error is one line on stderr, and leaves stdout empty.
void expect_error(const Outcome& outcome, int exit_code,
                  const testing::Matcher<const std::string&>& message) {
  EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("retrograd: "), message));
  EXPECT_EQ(outcome.out, "");
}

TEST(BadCsv, MissingIsAnErrorOfData) {
  const Workplace here;
  expect_error(here.run({"train", "nowhere.csv", "-q"}), 3, HasSubstr("nowhere.csv: no such file"));
}

TEST(BadCsv, EmptyIsAnErrorOfData) {
  const Workplace here;
  here.write("empty.csv", "");
  expect_error(here.run({"train", "empty.csv", "-q"}), 3, AllOf(HasSubstr("empty.csv"), HasSubstr("empty")));
  here.write("header.csv", "a,b\n");
  expect_error(here.run({"train", "header.csv", "-q"}), 3, AllOf(HasSubstr("header.csv"), HasSubstr("rows")));
}

TEST(BadCsv, RaggedNamesTheLine) {
  const Workplace here;
  here.write("ragged.csv", "a,b,class\n1,2,x\n3,y\n");
  expect_error(here.run({"train", "ragged.csv", "-q"}), 3,
               AllOf(HasSubstr("ragged.csv"), HasSubstr("line 3")));
}

TEST(BadCsv, OneClassOnlyCannotBeLearned) {
  const Workplace here;
  here.write("one.csv", "a,class\n1,x\n2,x\n3,x\n");
  expect_error(here.run({"train", "one.csv", "-q"}), 3, HasSubstr("only one class"));
}

TEST(BadCsv, TextInANumberColumnAtPredictNamesColumnAndLine) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "run", "-q"}).exit_code, 0);
  here.write("new.csv", "a,b\n1,2\n3,many\n");
  expect_error(here.run({"predict", "run", "--data", "new.csv"}), 3,
               AllOf(HasSubstr("\"b\""), HasSubstr("line 3"), HasSubstr("many")));
}

TEST(BadCsv, AMissingColumnAtPredictIsNamed) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "run", "-q"}).exit_code, 0);
  here.write("new.csv", "a,c\n1,2\n");
  expect_error(here.run({"predict", "run", "--data", "new.csv"}), 3, HasSubstr("\"b\""));
}

TEST(BadTarget, AnUnknownColumnGetsASuggestion) {
  const Workplace here;
  expect_error(here.run({"train", cli_test::digits(), "--target", "digi", "-q"}), 2,
               AllOf(HasSubstr("\"digi\""), HasSubstr("did you mean \"digit\"?")));
}

TEST(BadSplitFile, IsToldWithItsLineOrTheFlagThatItContradicts) {
  const Workplace here;
  here.write("rows.csv", two_classes(3));
  here.write("split.csv", "train\ntrian\ntest\n");
  expect_error(here.run({"train", "rows.csv", "--split-file", "split.csv", "-q"}), 3,
               AllOf(HasSubstr("split.csv: line 2: \"trian\""), HasSubstr("did you mean \"train\"?")));
  here.write("split.csv", "train\ntest\n");
  expect_error(here.run({"train", "rows.csv", "--split-file", "split.csv", "-q"}), 3,
               HasSubstr("2 rows, but the data has 3"));
  expect_error(here.run({"train", "rows.csv", "--split-file", "split.csv", "--val", "0.2", "-q"}), 2,
               AllOf(HasSubstr("--val"), HasSubstr("--split-file")));
  here.write("some.txt", "abc");
  expect_error(here.run({"train", "some.txt", "--split-file", "split.csv", "-q"}), 2,
               AllOf(HasSubstr("--split-file"), HasSubstr("is for tables")));
  EXPECT_FALSE(here.has("runs")) << "nothing is left behind";
}

TEST(BadIdx, TruncatedIsAnErrorOfData) {
  const Workplace here;
  cli_test::write_idx(here, "images", 20);
  const std::string name = "images/train-images-idx3-ubyte";
  here.write(name, here.read(name).substr(0, 200));
  expect_error(here.run({"train", "images", "-q"}), 3, HasSubstr("train-images-idx3-ubyte"));
  here.write(name, here.read(name).substr(0, 10));
  expect_error(here.run({"train", "images", "-q"}), 3, HasSubstr("train-images-idx3-ubyte"));
}

TEST(BadIdx, AHeaderThatPromisesMoreThanTheFileHoldsIsRefused) {
  const Workplace here;
  cli_test::write_idx(here, "images", 20);
  const std::string name = "images/train-images-idx3-ubyte";
  std::string bytes = here.read(name);
  bytes[4] = '\x7f';  // 2^31 images
  here.write(name, bytes);
  expect_error(here.run({"train", "images", "-q"}), 3, HasSubstr("train-images-idx3-ubyte"));
}

TEST(BadIdx, MissingFilesAreNamed) {
  const Workplace here;
  here.write("images/train-labels-idx1-ubyte", "");
  expect_error(here.run({"train", "images", "-q"}), 3,
               AllOf(HasSubstr("train-images-idx3-ubyte"), HasSubstr("t10k-labels-idx1-ubyte")));
}

TEST(BadModelFile, CutInHalfIsAnErrorOfData) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "run", "-q"}).exit_code, 0);
  const std::string whole = here.read("run/model.safetensors");
  here.write("half.safetensors", whole.substr(0, whole.size() / 2));
  for (const char* verb : {"predict", "eval"}) {
    expect_error(here.run({verb, "half.safetensors", "--data", "rows.csv"}), 3,
                 HasSubstr("half.safetensors"));
  }
  expect_error(here.run({"summary", "half.safetensors"}), 3, HasSubstr("half.safetensors"));
}

TEST(BadModelFile, ANewerFormatIsRefused) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "1", "--out", "run", "-q"}).exit_code, 0);
  std::string bytes = here.read("run/model.safetensors");
  const std::string version = "\"format_version\":\"1\"";
  ASSERT_NE(bytes.find(version), std::string::npos);
  bytes.replace(bytes.find(version), version.size(), "\"format_version\":\"9\"");
  here.write("new.safetensors", bytes);
  expect_error(here.run({"summary", "new.safetensors"}), 3, HasSubstr("newer"));
}

// A folder below /proc cannot be made, not even by root.
TEST(BadOut, ThatCannotBeWrittenIsAnErrorOfUsage) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  expect_error(here.run({"train", "rows.csv", "--out", "/proc/retrograd/run", "-q"}), 2,
               HasSubstr("/proc/retrograd/run"));
  here.write("file", "");
  expect_error(here.run({"train", "rows.csv", "--out", "file/run", "-q"}), 2, HasSubstr("file/run"));
}

TEST(BadOut, AReadOnlyFolderIsAnErrorOfUsage) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  ::mkdir(here.file("locked").c_str(), 0555);
  expect_error(here.run({"train", "rows.csv", "--out", "locked/run", "-q"}), 2, HasSubstr("locked/run"));
}

TEST(BadOut, ThatExistsWantsResume) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  here.write("run/notes.txt", "mine");
  expect_error(here.run({"train", "rows.csv", "--out", "run", "-q"}), 2,
               AllOf(HasSubstr("run exists already"), HasSubstr("--resume")));
  EXPECT_FALSE(here.has("run/config.toml"));
}

TEST(BadModelText, ThatDoesNotFitTheDataNamesLayerShapeAndRemedy) {
  const Workplace here;
  expect_error(
      here.run({"train", cli_test::digits(), "--model", "linear(30), sigmoid, linear(7)", "-q"}), 2,
      AllOf(HasSubstr("linear_2"), HasSubstr("7 numbers"), HasSubstr("10 classes"), HasSubstr("linear(10)")));
  EXPECT_FALSE(here.has("runs")) << "nothing is left behind";
}

TEST(BadModelText, ThatDoesNotFitImagesOrTextNamesLayerAndShape) {
  const Workplace here;
  cli_test::write_idx(here, "images", 20);
  expect_error(here.run({"train", "images", "--model", "conv(4, 9), flatten, linear(2)", "-q"}), 2,
               HasSubstr("conv for a sample [1, 4, 4]"));
  here.write("a.txt", "abcabcabcabcabcabcabcabcabcabcabcabc");
  const std::vector<std::string> text{"train", "a.txt", "--context", "2", "-q", "--model"};
  const auto of_text = [&](const char* model) {
    std::vector<std::string> all = text;
    all.emplace_back(model);
    return here.run(all);
  };
  expect_error(of_text("gru(8), linear(3)"), 2, HasSubstr("gru for a sample [2]"));
  expect_error(of_text("embedding(4), gru(8), linear(7)"), 2,
               AllOf(HasSubstr("it gives [2, 7]"), HasSubstr("end with linear(3)")));
  EXPECT_FALSE(here.has("runs")) << "nothing is left behind";
}

TEST(BadText, ShorterThanTheContextSaysHowManyTokensAWindowNeeds) {
  const Workplace here;
  here.write("a.txt", "too short");
  expect_error(here.run({"train", "a.txt", "-q"}), 3, AllOf(HasSubstr("a.txt"), HasSubstr("needs 65")));
  EXPECT_FALSE(here.has("runs")) << "nothing is left behind";
}

// Verbs for rows name what a language model has in their place.
TEST(LanguageModel, IsRefusedWhereRowsAreWanted) {
  const Workplace here;
  here.write("a.txt", "abcabcabcabcabcabcabcabcabcabcabcabc");
  ASSERT_EQ(here.run({"train", "a.txt", "--context", "2", "--model", "embedding(2), gru(2), linear(3)",
                      "--epochs", "1", "--out", "run", "-q"})
                .exit_code,
            0);
  expect_error(here.run({"predict", "run", "--data", "a.txt"}), 3,
               AllOf(HasSubstr("run: is a language model"), HasSubstr("retrograd sample run"),
                     HasSubstr("retrograd eval run")));
  expect_error(here.run({"explain", "run"}), 3, AllOf(HasSubstr("language model"), HasSubstr("summary")));
  expect_error(here.run({"gradcheck", "run"}), 3, AllOf(HasSubstr("language model"), HasSubstr("--model")));
  const cli_test::Outcome checked = here.run(
      {"gradcheck", "--model", "embedding(2), gru(2), linear(3)", "--data", "a.txt", "--context", "2"});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
}

TEST(BadModelText, AnUnknownLayerGetsASuggestion) {
  const Workplace here;
  expect_error(here.run({"train", cli_test::digits(), "--model", "liner(30), linear(10)", "-q"}), 2,
               AllOf(HasSubstr("column 1"), HasSubstr("did you mean \"linear\"?")));
}

TEST(BadModelText, ALossThatItsLastLayerCannotHaveNamesTheRemedy) {
  const Workplace here;
  expect_error(here.run({"train", cli_test::digits(), "--model", "linear(10), sigmoid", "-q"}), 2,
               AllOf(HasSubstr("cross_entropy"), HasSubstr("sigmoid")));
}

TEST(Divergence, NamesStepAndLayer) {
  const Workplace here;
  here.write("rows.csv", "x,y\n1,2.5\n2,3.5\n3,4.75\n4,6\n5,7.5\n6,8.25\n7,9.5\n8,10\n9,11.5\n10,12\n");
  const Outcome outcome = here.run({"train", "rows.csv", "--task", "regression", "--optimizer", "sgd", "--lr",
                                    "1e20", "--model", "linear(4), linear(1)", "-q"});
  expect_error(outcome, 4,
               AllOf(HasSubstr("diverged at step "), HasSubstr("epoch "), HasSubstr("linear_"),
                     HasSubstr("learning rate")));
}

TEST(Usage, AnUnknownFlagGetsASuggestion) {
  const Workplace here;
  expect_error(here.run({"train", cli_test::digits(), "--epoch", "3"}), 2,
               AllOf(HasSubstr("--epoch"), HasSubstr("did you mean \"--epochs\"?")));
}

TEST(Usage, AnUnknownVerbGetsASuggestion) {
  const Workplace here;
  expect_error(here.run({"trian", "x.csv"}), 2,
               AllOf(HasSubstr("\"trian\""), HasSubstr("did you mean \"train\"?")));
  expect_error(here.run({}), 2, HasSubstr("verb"));
}

TEST(Usage, AValueOfTheWrongKindNamesTheFlag) {
  const Workplace here;
  expect_error(here.run({"train", cli_test::digits(), "--epochs", "many"}), 2, HasSubstr("--epochs"));
  expect_error(here.run({"train", cli_test::digits(), "--epochs", "0", "-q"}), 2, HasSubstr("epochs is 0"));
  expect_error(here.run({"train", cli_test::digits(), "--test", "1.5", "-q"}), 2, HasSubstr("--test"));
  expect_error(here.run({"train", cli_test::digits(), "--optimizer", "adamww", "-q"}), 2,
               HasSubstr("did you mean \"adamw\"?"));
}

TEST(Usage, AnUnknownKeyOfTheConfigurationGetsASuggestion) {
  const Workplace here;
  here.write("rows.csv", two_classes(60));
  here.write("mine.toml", "data = \"rows.csv\"\nepoch = 3\n");
  expect_error(here.run({"train", "mine.toml", "-q"}), 2,
               AllOf(HasSubstr("epoch"), HasSubstr("\"epochs\"?")));
  here.write("mine.toml", "data = \"rows.csv\"\nepochs = \"three\"\n");
  expect_error(here.run({"train", "mine.toml", "-q"}), 2,
               AllOf(HasSubstr("epochs"), HasSubstr("whole number")));
  here.write("mine.toml", "data = = 3\n");
  expect_error(here.run({"train", "mine.toml", "-q"}), 2, HasSubstr("line 1"));
}

TEST(JsonErrors, AreAnObjectOnStdout) {
  const Workplace here;
  const struct {
    std::vector<std::string> arguments;
    const char* kind;
    int exit_code;
  } cases[] = {
      {{"train", "nowhere.csv", "--json"}, "data", 3},
      {{"train", "nowhere.csv", "--format", "json"}, "data", 3},
      {{"train", "nowhere.csv", "--jsonn", "--json"}, "usage", 2},
      {{"eval", "--json"}, "usage", 2},
  };
  for (const auto& one : cases) {
    const Outcome outcome = here.run(one.arguments);
    EXPECT_EQ(outcome.exit_code, one.exit_code);
    const nlohmann::json error = outcome.json().at("error");
    EXPECT_EQ(error.at("kind"), one.kind);
    EXPECT_EQ(error.at("exit_code"), one.exit_code);
    EXPECT_FALSE(error.at("message").get<std::string>().empty());
  }
}

}  // namespace
