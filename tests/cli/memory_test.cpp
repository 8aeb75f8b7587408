// --memory: the bound of what is kept of a table. What it does is tested in tests/data/streamed_test.cpp and
// tests/train/memory_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/tool.h"

namespace {

using cli_test::Outcome;
using cli_test::Workplace;
using testing::HasSubstr;

TEST(Memory, IsASizeAndTheStandardInputHasNone) {
  const Workplace here;
  here.write("t.csv", cli_test::two_classes(60));
  for (const char* size : {"-1", "2X", "1.5G", "GB", "9000000T", "1GG"}) {
    const Outcome outcome =
        here.run({"train", "t.csv", std::string("--memory=") + size, "--epochs", "1", "-q"});
    EXPECT_EQ(outcome.exit_code, 2) << size;
    EXPECT_THAT(outcome.err, HasSubstr("--memory")) << size;
  }
  EXPECT_EQ(here.run({"train", "t.csv", "--memory", "2G", "--epochs", "1", "-q"}).exit_code, 0);
  const Outcome outcome = here.run({"train", "-", "--memory", "2G", "-q"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the standard input cannot be read again; give a file"));
}

}  // namespace
