// Random numbers: their moments, and that calls and steps draw different ones. Exact values are in
// golden_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "array/node.h"
#include "array/trace_state.h"
#include "ops/values.h"

namespace retrograd::testing {
namespace {

Array counter(std::int64_t seed, std::int64_t step) {
  const std::int64_t values[] = {seed, step};
  return Array::from(std::span<const std::int64_t>(values), Shape{2});
}

TEST(Uniform, DiffersBetweenCallsAndStepsAndRepeatsInATrace) {
  const auto traced = [](std::int64_t step) {
    TraceState trace;
    const TraceScope scope(trace, Mode::training);
    return std::pair{uniform(counter(1, step), Shape{64}), uniform(counter(1, step), Shape{64})};
  };
  const auto [a, b] = traced(5);
  const auto [again_a, again_b] = traced(5);
  const auto [next_a, next_b] = traced(6);
  EXPECT_EQ(floats(a), floats(again_a));
  EXPECT_EQ(floats(b), floats(again_b));
  EXPECT_NE(floats(a), floats(b));
  EXPECT_NE(floats(a), floats(next_a));
}

TEST(Uniform, OutsideATraceEveryCallDiffers) {
  const Array at = counter(1, 0);
  EXPECT_NE(floats(uniform(at, Shape{64})), floats(uniform(at, Shape{64})));
}

// 10^6 numbers: the mean has standard deviation 0.00029, the second moment 0.0003; five of them are allowed.
TEST(Uniform, HasTheMomentsOfTheDistribution) {
  const std::vector<float> x = floats(uniform(counter(7, 0), Shape{1000000}));
  double first = 0, second = 0;
  for (float value : x) {
    ASSERT_GE(value, 0.0f);
    ASSERT_LT(value, 1.0f);
    first += value;
    second += static_cast<double>(value) * value;
  }
  EXPECT_NEAR(first / 1e6, 0.5, 0.0015);
  EXPECT_NEAR(second / 1e6, 1.0 / 3.0, 0.0015);
}

// 10^6 numbers: the moments have standard deviations of at most 0.001 (mean), 0.0015 (variance), 0.01
// (fourth); five of them are allowed.
TEST(Normal, HasTheMomentsOfTheDistribution) {
  const std::vector<float> x = floats(normal(counter(3, 0), Shape{1000000}));
  double first = 0, second = 0, fourth = 0;
  for (float value : x) {
    ASSERT_TRUE(std::isfinite(value));
    const double square = static_cast<double>(value) * value;
    first += value;
    second += square;
    fourth += square * square;
  }
  EXPECT_NEAR(first / 1e6, 0, 0.005);
  EXPECT_NEAR(second / 1e6, 1, 0.0075);
  EXPECT_NEAR(fourth / 1e6, 3, 0.05);
}

// Between -2 and 2 the variance is 1 - 4 f(2) / (F(2) - F(-2)) = 0.77374; standard deviations below 0.001.
TEST(TruncatedNormal, StaysWithinItsBoundsAndHasTheVariance) {
  const std::vector<float> x = floats(truncated_normal(counter(4, 0), Shape{1000000}));
  double first = 0, second = 0;
  for (float value : x) {
    ASSERT_LE(std::abs(value), 2.0f);
    first += value;
    second += static_cast<double>(value) * value;
  }
  EXPECT_NEAR(first / 1e6, 0, 0.005);
  EXPECT_NEAR(second / 1e6, 0.77374, 0.005);
}

// The share of 10^6 draws has a standard deviation of 0.00046.
TEST(Bernoulli, IsTrueWithItsProbability) {
  const Array x = bernoulli(counter(5, 0), 0.3, Shape{1000000});
  EXPECT_NEAR(mean(cast(x, DType::f64)).item<double>(), 0.3, 0.0023);
}

TEST(Permutation, HoldsEveryNumberOnce) {
  const Array x = permutation(counter(6, 0), 1000);
  const std::vector<int> order = ints(x);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::vector<int> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(sorted[static_cast<std::size_t>(i)], i);
}

// The share of 10^5 draws has a standard deviation of at most 0.0016.
TEST(Categorical, DrawsEachClassWithItsProbability) {
  const Array logits = log(Array::of({0.1f, 0.6f, 0.3f}));
  const Array x = categorical(counter(8, 0), broadcast_to(logits, Shape{100000, 3}));
  const Array share = mean(one_hot(x, 3, DType::f64), 0);
  const std::vector<double> shares = share.to_vector<double>();
  EXPECT_NEAR(shares[0], 0.1, 0.008);
  EXPECT_NEAR(shares[1], 0.6, 0.008);
  EXPECT_NEAR(shares[2], 0.3, 0.008);
}

}  // namespace
}  // namespace retrograd::testing
