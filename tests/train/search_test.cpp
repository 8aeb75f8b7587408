// Spaces of settings, random points of them, successive halving.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/retrograd.h>
#include <retrograd/search.h>

#include <cmath>
#include <set>

namespace {

namespace rg = retrograd;
using rg::train::parse_space;
using testing::ElementsAre;
using testing::HasSubstr;

std::string message(const char* space) {
  try {
    parse_space(space);
  } catch (const rg::Error& error) {
    return error.what();
  }
  return "";
}

TEST(SearchSpace, ReadsRangesAndChoicesWithCommasInside) {
  const auto space =
      parse_space("lr=1e-4..1e-1, model=linear(8, bias=false), relu|linear(64), batch = 16..40,l2=0..1.5");
  ASSERT_EQ(space.size(), 4u);
  EXPECT_EQ(space[0].name, "lr");
  EXPECT_TRUE(space[0].logarithmic);
  EXPECT_FALSE(space[0].whole);
  EXPECT_THAT(space[1].choices, ElementsAre("linear(8, bias=false), relu", "linear(64)"));
  EXPECT_TRUE(space[2].whole);
  EXPECT_FALSE(space[2].logarithmic) << "16 to 40 is less than a decade";
  EXPECT_FALSE(space[3].logarithmic) << "0 has no logarithm";
  EXPECT_EQ(space[3].high, 1.5);
}

TEST(SearchSpace, SaysWhatIsWrong) {
  EXPECT_THAT(message("lr=1..0.1"), HasSubstr("smaller number first"));
  EXPECT_THAT(message("lr"), HasSubstr("\"lr\" names no setting"));
  EXPECT_THAT(message("lr=a..b"), HasSubstr("lr"));
  EXPECT_THAT(message("lr=1|2, lr=3"), HasSubstr("lr stands twice"));
  EXPECT_THAT(message("loss=mse||mae"), HasSubstr("empty choice"));
  EXPECT_THAT(message(""), HasSubstr("names no setting"));
}

TEST(SearchSpace, PointsDependOnSeedAndTrialAloneAndStayInTheSpace) {
  const auto space = parse_space("lr=1e-4..1e-1, batch=1..3, optimizer=adam|sgd");
  std::set<std::string> batches, optimizers;
  int below = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const auto values = rg::train::draw_trial(space, 7, trial);
    EXPECT_EQ(values, rg::train::draw_trial(space, 7, trial));
    const double rate = std::stod(values[0]);
    EXPECT_GE(rate, 1e-4);
    EXPECT_LE(rate, 1e-1);
    below += rate < std::sqrt(1e-5) ? 1 : 0;
    batches.insert(values[1]);
    optimizers.insert(values[2]);
  }
  // Half of 400 below the middle of the logarithms; four deviations of sqrt(400) / 2 = 10.
  EXPECT_NEAR(below, 200, 40);
  EXPECT_THAT(batches, ElementsAre("1", "2", "3"));
  EXPECT_THAT(optimizers, ElementsAre("adam", "sgd"));
  EXPECT_NE(rg::train::draw_trial(space, 7, 0), rg::train::draw_trial(space, 8, 0));
}

TEST(SuccessiveHalving, AThirdGoesOnToThreeTimesTheEpochs) {
  const auto rungs = rg::train::halving_rungs(20, 100);
  std::vector<std::int64_t> trials, epochs;
  for (const auto& rung : rungs) trials.push_back(rung.trials), epochs.push_back(rung.epochs);
  EXPECT_THAT(trials, ElementsAre(20, 7, 3, 1));
  EXPECT_THAT(epochs, ElementsAre(3, 11, 33, 100));
  EXPECT_EQ(rg::train::halving_rungs(1, 100).size(), 1u);
  EXPECT_EQ(rg::train::halving_rungs(50, 2).size(), 1u) << "2 epochs have no third";
}

TEST(SuccessiveHalving, TheLeastLossesGoOnAndNaNNever) {
  const std::vector<double> losses{3, std::nan(""), 1, 2, 1};
  EXPECT_THAT(rg::train::least_losses(losses, 3), ElementsAre(2, 4, 3));
  EXPECT_THAT(rg::train::least_losses(losses, 9), ElementsAre(2, 4, 3, 0, 1));
}

}  // namespace
