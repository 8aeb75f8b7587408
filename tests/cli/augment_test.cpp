// --augment from the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::HasSubstr;

TEST(Augment, IsRecordedAndRepeatedToTheByte) {
  const Workplace here;
  cli_test::write_idx(here, "images", 40);
  const std::vector<std::string> words{
      "train", "images", "-q", "--model", "flatten, linear(4), relu, linear(2)", "--epochs", "3"};
  const auto train = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = here.run(words, arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  };
  train({"--augment", "flip,shift(1), rotate", "--out", "run", "--threads", "1"});
  EXPECT_THAT(here.read("run/config.toml"), HasSubstr("augment = 'shift(1), flip, rotate(15)'"));
  const Outcome again = here.run({"train", "run/config.toml", "--out", "again", "--threads", "2", "-q"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_TRUE(here.read("run/model.safetensors") == here.read("again/model.safetensors"));
  train({"--out", "plain"});
  EXPECT_FALSE(here.read("run/model.safetensors") == here.read("plain/model.safetensors"));
}

TEST(Augment, WhatCannotBeIsAnErrorOfUsage) {
  const Workplace here;
  cli_test::write_idx(here, "images", 20);
  const auto expect_usage = [&](const std::string& data, const std::string& text,
                                const std::string& message) {
    const Outcome outcome = here.run({"train", data, "--augment", text});
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_FALSE(here.has("runs")) << "nothing is left";
  };
  expect_usage("images", "shfit", "augment: \"shfit\" is unknown; did you mean \"shift\"?");
  expect_usage("images", "shift(9)", "augment: shift(9) may leave nothing of images of 4 x 4 pixels");
  expect_usage("images", "flip,flip", "augment: flip is there twice");
  expect_usage("images", "rotate(900)", "rotate(degrees), 0 < degrees <= 180");
  expect_usage(cli_test::digits(), "flip", "augment: flip is for images");
}

}  // namespace
