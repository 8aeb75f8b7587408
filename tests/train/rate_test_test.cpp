// The learning rate test: the rate that it suggests trains, and it says where none does.
#include <gtest/gtest.h>
#include <retrograd/rate_test.h>
#include <retrograd/retrograd.h>

#include <cmath>

#include "train/parts.h"

namespace {

namespace rg = retrograd;

const char* const digits = RETROGRAD_SOURCE_DIR "/data/digits.csv";

rg::nn::Sequential network(const char* text, const rg::data::Parts& parts) {
  return rg::nn::build_model(text, parts.train.input_shape(), {.seed = 1});
}

// The best validation loss after some epochs with the rate that the test suggests, to that of the first
// batches.
double gain(const rg::data::Parts& parts, const char* text, rg::train::Options options, std::int64_t epochs) {
  const rg::train::RateTest test = rg::train::test_rates(network(text, parts), parts, options);
  if (!test.suggested) return 1;
  options.learning_rate = *test.suggested;
  options.epochs = epochs;
  rg::train::Trainer trainer(network(text, parts), parts, options);
  const rg::train::Result result = trainer.run();
  return result.validation->loss / test.points.front().loss;
}

TEST(RateTest, ItsRateTrainsDigitsWithAdamAndWithSgd) {
  const rg::data::Parts parts = rg::data::load_csv(digits);
  const char* text = "linear(64), relu, linear(64), relu, linear(10)";
  // Guessing has a loss of 2.3 at the start; a tenth of it is an accuracy of about 95 %.
  EXPECT_LT(gain(parts, text, {}, 10), 0.1);
  EXPECT_LT(gain(parts, text, {.optimizer = "sgd", .momentum = 0.9}, 10), 0.1);
}

TEST(RateTest, ItsRateTrainsARegression) {
  std::string csv = "a,b,y\n";
  for (int i = 0; i < 400; ++i) {
    const double a = i * 37 % 101 / 50.0 - 1, b = i * 61 % 103 / 51.0 - 1;
    csv += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(std::sin(3 * a) + b * b) + "\n";
  }
  rg::data::Parts parts = train_test::table_parts(csv);
  parts.validation = parts.train.slice(0, 100);
  // Most of the variance, which is the loss of guessing the mean.
  EXPECT_LT(gain(parts, "linear(32), tanh, linear(1)", {}, 40), 0.4);
}

TEST(RateTest, RatesGrowByOneFactorUntilTheLossExplodes) {
  const rg::data::Parts parts = rg::data::load_csv(digits);
  const auto test = rg::train::test_rates(network("linear(32), relu, linear(10)", parts), parts,
                                          {.optimizer = "sgd"}, {.first = 1e-4, .last = 1e4, .steps = 200});
  EXPECT_TRUE(test.exploded);
  ASSERT_GT(test.points.size(), 20u);
  EXPECT_LT(test.points.size(), 200u);
  EXPECT_DOUBLE_EQ(test.points.front().rate, 1e-4);
  const double factor = std::pow(1e8, 1.0 / 199);
  for (std::size_t i = 1; i < test.points.size(); ++i) {
    EXPECT_NEAR(test.points[i].rate / test.points[i - 1].rate, factor, 1e-9);
  }
  ASSERT_TRUE(test.suggested.has_value());
  EXPECT_LT(*test.suggested, test.points.back().rate);
}

TEST(RateTest, SuggestsNothingWhereTheLossDoesNotFall) {
  const rg::data::Parts parts = rg::data::load_csv(digits);
  const auto test = rg::train::test_rates(network("linear(32), relu, linear(10)", parts), parts, {},
                                          {.first = 1e-12, .last = 1e-9, .steps = 50});
  EXPECT_FALSE(test.suggested.has_value());
  EXPECT_EQ(test.points.size(), 50u);
}

TEST(RateTest, RefusesWhatHasNoRate) {
  const rg::data::Parts parts = train_test::circle_parts();
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {.optimizer = "lbfgs"}), rg::Error);
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {}, {.first = 1, .last = 0.1}),
               rg::Error);
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {}, {.steps = 5}), rg::Error);
}

}  // namespace
