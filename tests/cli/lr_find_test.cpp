// retrograd lr-find: what it prints and leaves, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/schema.h"
#include "cli/tool.h"

namespace {

using cli_test::digits;
using cli_test::Outcome;
using cli_test::two_classes;
using cli_test::Workplace;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(LrFind, PrintsWhatItsSchemaSays) {
  const Workplace here;
  const Outcome outcome = here.run({"lr-find", digits(), "--json", "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_THAT(cli_test::problems(json, "lr-find"), IsEmpty());
  EXPECT_EQ(json["steps"], json["points"].size());
  EXPECT_LT(json["suggested"], json["least"]);
  EXPECT_EQ(outcome.err, "");
  EXPECT_FALSE(here.has("runs")) << "it leaves no run";
}

TEST(LrFind, DrawsAChartAndWritesTheFile) {
  const Workplace here;
  const Outcome outcome = here.run({"lr-find", digits(), "--optimizer", "sgd", "--out", "rates.csv"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("learning rate"), HasSubstr("Suggested: --lr")));
  // Points, in the letters of the locale.
  EXPECT_TRUE(outcome.out.find('*') != std::string::npos || outcome.out.find("•") != std::string::npos);
  EXPECT_EQ(here.read("rates.csv").substr(0, 19), "rate,loss,smoothed\n");
}

TEST(LrFind, FailsWhereTheLossFallsAtNoRate) {
  const Workplace here;
  const Outcome outcome =
      here.run({"lr-find", digits(), "--first", "1e-12", "--last", "1e-9", "--json", "-q"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.json()["suggested"].is_null());
  EXPECT_EQ(outcome.json()["reason"], "The loss falls at none of these rates.");
  EXPECT_THAT(cli_test::problems(outcome.json(), "lr-find"), IsEmpty());
}

// A hundred rows under dropout scatter by more than a twentieth of the loss.
TEST(LrFind, SuggestsNoRateOutOfScatterAndSaysWhy) {
  const Workplace here;
  here.write("rows.csv", two_classes(100));
  for (const std::string seed : {"1", "2", "3", "4", "5"}) {
    const std::vector<std::string> words{"lr-find", "rows.csv", "--first", "1e-14", "--last",
                                         "1e-8",    "--seed",   seed,      "-q"};
    const Outcome outcome = here.run(words);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr("No rate is suggested. The loss "));
  }
  const Outcome whole = here.run({"lr-find", "rows.csv", "--json", "-q"});
  ASSERT_EQ(whole.exit_code, 0) << whole.out;
  EXPECT_TRUE(whole.json()["reason"].is_null());
  EXPECT_GT(whole.json()["suggested"], 1e-4);
}

TEST(LrFind, RefusesNumbersOutOfRangeAndMinimisers) {
  const Workplace here;
  here.write("rows.csv", two_classes(100));
  EXPECT_EQ(here.run({"lr-find", "rows.csv", "--steps", "3"}).exit_code, 2);
  EXPECT_EQ(here.run({"lr-find", "rows.csv", "--first", "1", "--last", "0.1"}).exit_code, 2);
  EXPECT_EQ(here.run({"lr-find", "rows.csv", "--optimizer", "lbfgs"}).exit_code, 2);
  EXPECT_EQ(here.run({"lr-find", "nothing.csv"}).exit_code, 3);
  EXPECT_THAT(here.run({"lr-find", "rows.csv", "--frist", "1"}).err, HasSubstr("did you mean \"--first\"?"));
}

}  // namespace
