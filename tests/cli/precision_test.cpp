// retrograd train --precision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "cli/tool.h"

namespace {

using cli_test::digits;
using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;

class PrecisionFlag : public testing::Test {
 protected:
  PrecisionFlag() { here.write("rows.csv", two_classes(200)); }
  Workplace here;
};

TEST_F(PrecisionFlag, OfBf16IsRefusedWhereTheProcessorLacksItWithTheRemedy) {
  const std::string bf16 = here.run({"doctor", "--json"}).json()["machine"]["bf16"];
  const Outcome outcome =
      here.run({"train", "rows.csv", "--precision", "bf16", "--epochs", "1", "--out", "a"});
  if (!bf16.empty()) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    GTEST_SKIP() << "this processor has " << bf16;
  }
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("avx512_bf16"), HasSubstr("bf16-forced")));
  EXPECT_FALSE(here.has("a"));
}

TEST_F(PrecisionFlag, ForcedIsKeptInTheRunAndRepeatedByIt) {
  const Outcome outcome =
      here.run({"train", "rows.csv", "--precision", "bf16-forced", "--epochs", "3", "--out", "a", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.json()["validation"].contains("loss"));
  EXPECT_THAT(here.read("a/config.toml"), HasSubstr("precision = 'bf16-forced'"));
  ASSERT_EQ(here.run({"train", "a/config.toml", "--out", "b", "-q"}).exit_code, 0);
  ASSERT_EQ(here.run({"train", "rows.csv", "--epochs", "3", "--out", "c", "-q"}).exit_code, 0);
  EXPECT_TRUE(here.read("a/model.safetensors") == here.read("b/model.safetensors"));
  EXPECT_FALSE(here.read("a/model.safetensors") == here.read("c/model.safetensors"));
}

// A network whose epoch takes long enough to be met in its middle.
TEST_F(PrecisionFlag, GoesOnToTheSameBytesAfterAnInterruption) {
  const auto arguments = [](const char* out) {
    return std::vector<std::string>{"train",
                                    digits(),
                                    "--precision",
                                    "bf16-forced",
                                    "--epochs",
                                    "10",
                                    "--out",
                                    out,
                                    "-q",
                                    "--model",
                                    "linear(400), relu, dropout(0.5), linear(300), relu, linear(10)"};
  };
  ASSERT_EQ(here.run(arguments("whole")).exit_code, 0);
  ASSERT_EQ(here.run_until(arguments("cut"), "cut", 2, SIGINT).exit_code, 130);
  const Outcome resumed = here.run({"train", "cut", "--resume", "-q"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(here.read("whole/model.safetensors") == here.read("cut/model.safetensors"));
}

TEST_F(PrecisionFlag, NamesWhatIsKnownForAnotherName) {
  const Outcome outcome = here.run({"train", "rows.csv", "--precision", "half"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("known are f32, f64, bf16, bf16-forced"));
}

}  // namespace
