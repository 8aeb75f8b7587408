// The learning rate test: the rate that it suggests trains, and it says where none does.
#include <gtest/gtest.h>
#include <retrograd/rate_test.h>
#include <retrograd/retrograd.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

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
  // Nine tenths of the variance, which is the loss of guessing the mean. The decay that is the default for so
  // few rows keeps a network at a quarter of it, whatever the rate.
  EXPECT_LT(gain(parts, "linear(32), tanh, linear(1)", {.weight_decay = 0.01}, 40), 0.1);
}

TEST(RateTest, ItsRateTrainsTheCircle) {
  // One label in seven is turned: the loss cannot go below -(1/7 log 1/7 + 6/7 log 6/7) = 0.41, which is 0.59
  // of the log 2 of guessing.
  const rg::train::Options options{.weight_decay = 0.01, .batch = 16};
  EXPECT_LT(gain(train_test::circle_parts(), "linear(32), relu, linear(2)", options, 60), 0.85);
}

// 70 rows of five random numbers, of two classes that their first two tell as clearly as `signal` says.
rg::data::Parts few_rows(std::uint64_t seed, double signal) {
  std::mt19937_64 random(seed);
  const auto normal = [&] {  // the sum of twelve uniform numbers less six
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) / 0x1p53;
    return sum;
  };
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int row = 0; row < 70; ++row) {
    for (int column = 0; column < 5; ++column) x.push_back(static_cast<float>(normal()));
    const float* of_row = &x[x.size() - 5];
    labels.push_back(signal * (of_row[0] + of_row[1]) + normal() > 0 ? 1 : 0);
  }
  const auto data = rg::data::Dataset::classification(x, {5}, labels, {"no", "yes"});
  return {data, data.slice(0, 0), data.slice(0, 0), rg::data::Encoder::images({1, 1, 5}, {"no", "yes"})};
}

const char* const noisy_network = "linear(64), relu, dropout(0.5), linear(64), relu, dropout(0.5), linear(2)";

// Batches of 32, 32 and 6 rows under dropout scatter by more than half of the loss. The least of their
// smoothed losses is a tenth below the first ones at rates of 1e-14, where nothing is learned.
TEST(RateTest, TakesNoScatterForAFall) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const rg::data::Parts parts = few_rows(seed, 3);
    const auto test = rg::train::test_rates(network(noisy_network, parts), parts, {.seed = seed},
                                            {.first = 1e-14, .last = 1e-8});
    EXPECT_FALSE(test.suggested.has_value()) << "seed " << seed << ": " << *test.suggested;
    EXPECT_TRUE(test.reason.find("may be chance") != std::string::npos ||
                test.reason == "The loss falls at none of these rates.")
        << test.reason;
    EXPECT_GT(test.noise, 0.02);
  }
}

TEST(RateTest, SeesTheFallInTheScatter) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const rg::data::Parts parts = few_rows(seed, 3);
    for (const double first : {1e-6, 1e-14}) {
      const auto test = rg::train::test_rates(network(noisy_network, parts), parts, {.seed = seed},
                                              {.first = first, .last = 10});
      ASSERT_TRUE(test.suggested.has_value()) << "seed " << seed << ": " << test.reason;
      EXPECT_EQ(test.reason, "");
      // At 1e-3 to 0.1 such a network has learned most after 40 epochs.
      EXPECT_GT(*test.suggested, 1e-3);
      EXPECT_LT(*test.suggested, 0.1);
      EXPECT_GT(test.before, 0.69);  // at least that of guessing
    }
  }
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
  EXPECT_EQ(test.reason, "The loss falls at none of these rates.");
  EXPECT_EQ(test.points.size(), 50u);
}

TEST(RateTest, SaysWhereTheLossExplodesAtOnce) {
  const rg::data::Parts parts = rg::data::load_csv(digits);
  const auto test = rg::train::test_rates(network("linear(32), relu, linear(10)", parts), parts,
                                          {.optimizer = "sgd"}, {.first = 1e30, .last = 1e32, .steps = 20});
  EXPECT_TRUE(test.exploded);
  EXPECT_FALSE(test.suggested.has_value());
  EXPECT_EQ(test.reason, "The loss explodes at once; begin with a lower rate.");
}

TEST(RateTest, RefusesWhatHasNoRate) {
  const rg::data::Parts parts = train_test::circle_parts();
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {.optimizer = "lbfgs"}), rg::Error);
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {}, {.first = 1, .last = 0.1}),
               rg::Error);
  EXPECT_THROW(rg::train::test_rates(network("linear(2)", parts), parts, {}, {.steps = 5}), rg::Error);
}

}  // namespace
