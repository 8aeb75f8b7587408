// Each verb's --json is what docs/schemas/ says, by Python's jsonschema; no verb lacks a schema or an
// example.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;

std::string schema_path(const std::string& name) {
  return std::string(RETROGRAD_SOURCE_DIR) + "/docs/schemas/" + name + ".schema.json";
}

bool has_jsonschema() { return std::system("python3 -c 'import jsonschema' 2>/dev/null") == 0; }

// What the validator says of `document` by the schema; "" where it is right.
std::string problems(const Workplace& here, const std::string& schema, const std::string& document) {
  here.write("check.py",
             "import json, jsonschema, sys\n"
             "schema = json.load(open(sys.argv[1]))\n"
             "kind = jsonschema.Draft202012Validator\n"
             "kind.check_schema(schema)\n"
             "for error in kind(schema).iter_errors(json.load(open(sys.argv[2]))):\n"
             "    print(list(error.absolute_path), error.message)\n");
  const std::string file = here.write("document.json", document);
  const int status = std::system(("python3 '" + here.file("check.py") + "' '" + schema_path(schema) + "' '" +
                                  file + "' > '" + here.file("problems.txt") + "' 2>&1")
                                     .c_str());
  return (status == 0 ? "" : "the check failed: ") + here.read("problems.txt");
}

// The verbs of the help, "man" as "  man   ...".
std::vector<std::string> verbs(const Workplace& here) {
  const std::string help = here.run({"--help"}).out;
  std::vector<std::string> names;
  bool inside = false;
  for (std::size_t at = 0; at < help.size();) {
    const std::size_t end = std::min(help.find('\n', at), help.size());
    const std::string line = help.substr(at, end - at);
    at = end + 1;
    if (line == "Subcommands:") inside = true;
    if (line == "Examples:") inside = false;
    if (inside && line.size() > 2 && line.starts_with("  ") && line[2] != ' ')
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

TEST(Verbs, EachHasASchemaAndAnExample) {
  const Workplace here;
  const std::vector<std::string> names = verbs(here);
  EXPECT_GE(names.size(), 14u);
  for (const std::string& verb : names) {
    EXPECT_TRUE(std::filesystem::exists(schema_path(verb))) << verb;
    const std::string help = here.run({verb, "--help"}).out;
    EXPECT_THAT(help, AllOf(HasSubstr("Examples:"), HasSubstr("  retrograd " + verb), HasSubstr("--json")))
        << verb;
  }
}

// A run of each kind of data, and what each verb says of it.
class Schema : public testing::Test {
 protected:
  Schema() {
    if (!has_jsonschema()) return;
    here.write("rows.csv", two_classes(100));
    std::string numbers = "x,y\n";
    for (int i = 0; i < 100; ++i) numbers += std::to_string(i) + "," + std::to_string(3 * i + 0.5) + "\n";
    here.write("line.csv", numbers);
    std::string text;
    for (int i = 0; i < 200; ++i) text += "round and round it goes. ";
    here.write("book.txt", text);
  }
  void SetUp() override {
    if (!has_jsonschema()) GTEST_SKIP() << "python3 with jsonschema is not installed (python3-jsonschema)";
  }
  // Runs the words with --json and compares with the schema of the verb, of an error where it fails, or with
  // the one that is named.
  void expect_valid(std::vector<std::string> words, int exit_code = 0, const std::string& named = "") {
    const std::string verb = words.front();
    const std::string schema = !named.empty() ? named : exit_code == 0 ? verb : "error";
    words.push_back("--json");
    const Outcome outcome = here.run(words);
    EXPECT_EQ(outcome.exit_code, exit_code) << verb << ": " << outcome.out << outcome.err;
    EXPECT_EQ(problems(here, schema, outcome.out), "") << verb;
  }
  Workplace here;
};

TEST_F(Schema, OfATable) {
  expect_valid({"train", "rows.csv", "--epochs", "2", "--track-test", "--out", "run"});
  EXPECT_EQ(problems(here, "train", here.read("run/result.json")), "");
  expect_valid({"eval", "run"});
  expect_valid({"eval", "run", "--data", "rows.csv"});
  expect_valid({"predict", "run", "--data", "rows.csv"});
  expect_valid({"summary", "run"});
  expect_valid({"gradcheck", "run", "--elements", "5"});
  expect_valid({"explain", "run", "--row", "2"});
  expect_valid({"export-config", "run"});
  expect_valid({"export-config", "run/model.safetensors"});
  expect_valid({"compare", "run", "run"});
  std::filesystem::remove(here.file("run/result.json"));
  expect_valid({"compare", "run"});
}

TEST_F(Schema, OfNumbers) {
  expect_valid({"train", "line.csv", "--epochs", "2", "--out", "run"});
  expect_valid({"eval", "run"});
  expect_valid({"predict", "run", "--data", "line.csv"});
}

TEST_F(Schema, OfSeveralNumbers) {
  std::string rows = "x,y,z\n";
  for (int i = 0; i < 60; ++i) rows += fmt::format("{},{},{}\n", i, 3 * i + 0.5, -i + 0.25);
  here.write("two.csv", rows);
  expect_valid({"train", "two.csv", "--target", "y,z", "--epochs", "2", "--out", "run"});
  expect_valid({"eval", "run"});
  expect_valid({"predict", "run", "--data", "two.csv"});
}

TEST_F(Schema, OfSeveralLabels) {
  std::string list = "x,kinds\n", columns = "x,small,even\n";
  for (int i = 0; i < 60; ++i) {
    list += fmt::format("{},{}{}\n", i, i < 20 ? "small" : "", i % 2 == 0 ? "|even" : "");
    columns += fmt::format("{},{},{}\n", i, i < 20 ? 1 : 0, i % 2 == 0 ? 1 : 0);
  }
  here.write("list.csv", list);
  here.write("columns.csv", columns);
  expect_valid({"data", "columns.csv", "--target", "small,even"});
  expect_valid({"train", "columns.csv", "--target", "small,even", "--epochs", "1", "--out", "a"});
  expect_valid({"train", "list.csv", "--task", "multi-label", "--track-test", "--epochs", "2", "--out", "b"});
  EXPECT_EQ(problems(here, "train", here.read("b/result.json")), "");
  expect_valid({"eval", "b"});
  expect_valid({"eval", "a", "--data", "columns.csv"});
  expect_valid({"predict", "b", "--data", "list.csv"});
  expect_valid({"explain", "a", "--row", "2"});
  expect_valid({"compare", "a", "b"});
}

TEST_F(Schema, OfReconstruction) {
  const std::vector<std::string> task{"--task", "reconstruction", "--track-test", "--epochs", "2", "--out"};
  const auto words = [&](std::vector<std::string> first, const std::string& out) {
    first.insert(first.end(), task.begin(), task.end());
    first.push_back(out);
    return first;
  };
  expect_valid({"data", "line.csv", "--task", "reconstruction"});
  expect_valid(words({"train", "line.csv"}, "a"));
  EXPECT_EQ(problems(here, "train", here.read("a/result.json")), "");
  expect_valid({"eval", "a"});
  expect_valid({"predict", "a", "--data", "line.csv"});
  expect_valid({"summary", "a"});
  expect_valid({"explain", "a", "--row", "2"});
  cli_test::write_idx(here, "images", 60);
  expect_valid(words({"train", "images", "--model", "vae(2)"}, "b"));
  expect_valid({"eval", "b"});
  expect_valid({"predict", "b", "--data", "images"});
  expect_valid({"predict", "b", "--data", "images", "--pixels"});
  expect_valid({"gradcheck", "b", "--elements", "5"});
  expect_valid({"compare", "a", "b"});
}

TEST_F(Schema, OfManyClasses) {  // top5
  expect_valid({"train", cli_test::digits(), "--epochs", "1", "--out", "run"});
}

TEST_F(Schema, OfImages) {
  cli_test::write_idx(here, "images", 60);
  expect_valid({"train", "images", "--epochs", "1", "--out", "run"});
  expect_valid({"eval", "run"});
  expect_valid({"export-config", "run/model.safetensors"});
}

TEST_F(Schema, OfText) {
  expect_valid(
      {"train", "book.txt", "--model", "lstm-lm(8, 1)", "--context", "16", "--epochs", "1", "--out", "run"});
  expect_valid({"eval", "run"});
  expect_valid({"sample", "run", "--length", "5"});
  expect_valid({"summary", "run"});
  expect_valid({"export-config", "run/model.safetensors"});
}

TEST_F(Schema, OfSeveralTrainings) {
  expect_valid({"train", "rows.csv", "--epochs", "1", "--ensemble", "2", "--importance", "--out", "both"});
  EXPECT_EQ(problems(here, "train", here.read("both/result.json")), "");
  expect_valid({"eval", "both"});
  expect_valid({"predict", "both", "--data", "rows.csv"});
  for (const std::string data : {"rows.csv", "line.csv"}) {
    expect_valid({"train", data, "--epochs", "1", "--cv", "2", "--out", "cv-" + data}, 0, "train-cv");
    EXPECT_EQ(problems(here, "train-cv", here.read("cv-" + data + "/cv.json")), "");
    EXPECT_EQ(problems(here, "train", here.read("cv-" + data + "/fold-2/result.json")), "");
  }
}

TEST_F(Schema, OfASearch) {
  const std::vector<std::string> space{"--search", "lr = 1e-3..1e-1", "--trials", "3", "--epochs", "2"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), space.begin(), space.end());
    return words;
  };
  expect_valid(with({"tune", "rows.csv", "--out", "a"}));
  EXPECT_EQ(problems(here, "tune", here.read("a/leaderboard.json")), "");
  EXPECT_EQ(problems(here, "train", here.read("a/best/result.json")), "");
  expect_valid(with({"tune", "line.csv", "--method", "random", "--out", "b"}));
  expect_valid(with({"train", "rows.csv", "--out", "c"}), 0, "tune");
}

TEST_F(Schema, OfALearningRateTest) {
  expect_valid({"lr-find", "rows.csv"});
  // A rate that is too small to learn by suggests nothing: a failure with a result.
  expect_valid({"lr-find", cli_test::digits(), "--first", "1e-12", "--last", "1e-9"}, 1, "lr-find");
}

TEST_F(Schema, OfAnExperiment) { expect_valid({"reproduce", "mazur"}); }

TEST_F(Schema, OfVerbsWithoutARun) {
  expect_valid({"doctor"});
  expect_valid({"explain"});
  expect_valid({"completion", "fish"});
  expect_valid({"man"});
  expect_valid({"bench", "a", "--threads", "1", "-q"});
}

TEST_F(Schema, OfErrors) {
  for (const std::string& verb : verbs(here)) expect_valid({verb, "--no-such-flag"}, 2);
  expect_valid({"train", "nowhere.csv"}, 3);
  expect_valid({"train", "line.csv", "--optimizer", "sgd", "--lr", "1e20"}, 4);
}

TEST_F(Schema, OfExplainRefusesWhatIsNoRecord) { EXPECT_NE(problems(here, "explain", "{}"), ""); }

}  // namespace
