// The tool on text: training, evaluation, sampling, and what it says of text that does not fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::HasSubstr;

class TextTool : public testing::Test {
 protected:
  TextTool() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += i % 3 == 0 ? "the cat sat on the mat.\n" : "a dog ate the hat.\n";
    here.write("a.txt", text);
  }
  Outcome train(const std::vector<std::string>& more) {
    return here.run({"train", "a.txt", "--context", "8", "--lr", "0.01", "-q", "--json"}, more);
  }
  Workplace here;
};

TEST_F(TextTool, TrainsEvaluatesAndWrites) {
  const Outcome trained = train(
      {"--model", "embedding(8), gru(24), linear(14)", "--epochs", "20", "--batch", "4", "--out", "run"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const nlohmann::json figures = trained.json();
  EXPECT_LT(figures["test"]["nats_per_character"], 1.5);
  EXPECT_EQ(figures["test"]["nats_per_character"], figures["test"]["loss"]);
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("context = 8"));

  const nlohmann::json again = here.run({"eval", "run", "--json"}).json();
  for (const char* part : {"train", "validation", "test"}) EXPECT_EQ(again[part], figures[part]) << part;
  const nlohmann::json other = here.run({"eval", "run", "--data", "a.txt", "--json"}).json();
  EXPECT_TRUE(other["train"].is_null());

  const Outcome written = here.run({"sample", "run", "--prompt", "the ", "--length", "30", "--seed", "4"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_EQ(written.out.size(), 35u);
  EXPECT_EQ(written.out.substr(0, 4), "the ");
  EXPECT_EQ(here.run({"sample", "run", "--prompt", "the ", "--length", "30", "--seed", "4"}).out,
            written.out);
  EXPECT_EQ(here.run({"sample", "run", "--prompt", "THE"}).exit_code, 3);
  EXPECT_EQ(here.run({"sample", "run", "--temperature", "-1"}).exit_code, 2);

  const Outcome repeated = here.run({"train", "run/config.toml", "--out", "again", "-q"});
  ASSERT_EQ(repeated.exit_code, 0) << repeated.err;
  EXPECT_EQ(here.read("again/model.safetensors"), here.read("run/model.safetensors"));
}

TEST_F(TextTool, NamesWhatDoesNotFit) {
  const Outcome longer = here.run({"train", "a.txt", "--context", "1000"});
  EXPECT_EQ(longer.exit_code, 3);
  EXPECT_THAT(longer.err, HasSubstr("a window of 1000 needs 1001; take a shorter context, or a longer text"));
  EXPECT_EQ(train({"--target", "x"}).exit_code, 2);
  EXPECT_EQ(train({"--tokens", "words"}).exit_code, 2);
  EXPECT_EQ(train({"--model", "embedding(8), gru(8), last, linear(14)"}).exit_code, 2);
  here.write("b.txt", "\xff\xfe");
  EXPECT_EQ(here.run({"train", "b.txt"}).exit_code, 3);
  EXPECT_EQ(here.run({"train", "missing.txt"}).exit_code, 3);
  here.write("rows.csv", cli_test::two_classes(40));
  EXPECT_EQ(here.run({"train", "rows.csv", "--context", "3"}).exit_code, 2);
}

}  // namespace
