// Huber, quantile, Poisson, focal, KL, hinge, and cross-entropy with its options: equations, gradients, laws.
#include <retrograd/losses.h>

#include <cmath>
#include <limits>

#include "nn/expect_error.h"
#include "nn/finite_difference.h"

namespace {

using namespace retrograd;
using nn_test::Doubles;
using nn_test::expect_error;
using nn_test::expect_gradient;
using nn_test::expect_near;

Array matrix(const Doubles& values, const Shape& shape) { return Array::from(values, shape); }
Array labels(const std::vector<std::int32_t>& values) {
  return Array::from(values, {static_cast<std::int64_t>(values.size())});
}

const Doubles y_values = {0.5, 2.0, -1.0, 0.1, 1.0, 3.0};
const Doubles t_values = {1.1, 0.2, -1.3, 0.5, 1.2, 1.0};
const Doubles p_values = {0.2, 0.5, 0.3, 0.0, 0.9, 0.1};  // two distributions
const Array y = matrix(y_values, {2, 3});
const Array t = matrix(t_values, {2, 3});
const Array p = matrix(p_values, {2, 3});

// Sums of a few numbers near 1 in f64.
constexpr double tolerance = 1e-14;

// Sums over the three outputs of each of the two samples.
template <typename F>
Doubles sums(F term) {
  Doubles totals = {0.0, 0.0};
  for (std::size_t i = 0; i < 6; ++i) totals[i / 3] += term(i);
  return totals;
}

double log_softmax_at(std::size_t i) {
  const std::size_t row = i - i % 3;
  double total = 0.0;
  for (std::size_t k = row; k < row + 3; ++k) total += std::exp(y_values[k]);
  return y_values[i] - std::log(total);
}

TEST(Huber, IsASquareNearAndALineFarAway) {
  for (const double delta : {0.5, 1.0, 100.0}) {
    const Doubles expected = sums([&](std::size_t i) {
      const double d = std::abs(y_values[i] - t_values[i]);
      return d <= delta ? d * d / 2 : delta * (d - delta / 2);
    });
    expect_near(nn::hubers(y, t, delta), expected, tolerance);
    expect_near(nn::huber(y, t, delta), {(expected[0] + expected[1]) / 2}, tolerance);
  }
  expect_near(nn::hubers(y, t, 100.0), nn::half_squared_errors(y, t).to_vector<double>(), tolerance);
}

TEST(Huber, LimitsItsDerivativeToDelta) {
  const Array far = matrix({-1e200, 1e200, 0.25}, {3, 1});
  expect_near(gradient(sum(nn::hubers(far, zeros({3, 1}, DType::f64), 0.5)), far), {-0.5, 0.5, 0.25}, 0.0);
}

TEST(Quantile, WeighsBothSides) {
  const Doubles expected = sums([](std::size_t i) {
    const double d = t_values[i] - y_values[i];
    return d > 0 ? 0.9 * d : -0.1 * d;
  });
  expect_near(nn::quantiles(y, t, 0.9), expected, tolerance);
  expect_near(nn::quantiles(y, t) * 2.0, (nn::mean_absolute_errors(y, t) * 3.0).to_vector<double>(),
              tolerance);
}

// Of the constants c the 0.3-quantile of 1, ..., 10 has the least loss: any c of [3, 4].
TEST(Quantile, IsLeastAtTheQuantile) {
  Doubles numbers;
  for (int i = 1; i <= 10; ++i) numbers.push_back(i);
  const Array targets = matrix(numbers, {10, 1});
  const auto at = [&](double c) {
    return nn::quantile(full({10, 1}, c, DType::f64), targets, 0.3).item<double>();
  };
  EXPECT_NEAR(at(3.0), at(4.0), tolerance);
  EXPECT_LT(at(3.5), at(2.9));
  EXPECT_LT(at(3.5), at(4.1));
}

TEST(Poisson, IsItsEquationAndLeastAtTheLogarithmOfTheCount) {
  expect_near(nn::poissons(y, t),
              sums([](std::size_t i) { return std::exp(y_values[i]) - t_values[i] * y_values[i]; }),
              tolerance);
  const Array z = matrix({std::log(4.0)}, {1, 1});
  expect_near(gradient(nn::poisson(z, labels({4})), z), {0.0}, tolerance);
}

TEST(CrossEntropy, SmoothsLabels) {
  const Array given = labels({1, 0});
  const Doubles expected = sums([](std::size_t i) {
    const bool is_label = i == 1 || i == 3;
    return -((is_label ? 0.9 : 0.0) + 0.1 / 3) * log_softmax_at(i);
  });
  expect_near(nn::cross_entropies(y, given, {.label_smoothing = 0.1}), expected, tolerance);
  expect_near(nn::cross_entropy(y, given, {.label_smoothing = 0.1}), {(expected[0] + expected[1]) / 2},
              tolerance);
  expect_near(nn::cross_entropies(y, given, {}), nn::cross_entropies(y, given).to_vector<double>(), 0.0);
}

TEST(CrossEntropy, WeighsClasses) {
  const Array weights = matrix({0.5, 2.0, 7.0}, {3});
  expect_near(nn::cross_entropies(y, labels({1, 0}), {.class_weights = weights}),
              {-2.0 * log_softmax_at(1), -0.5 * log_softmax_at(3)}, tolerance);
  const Doubles c = weights.to_vector<double>();
  expect_near(nn::cross_entropies(y, p, {.label_smoothing = 0.3, .class_weights = weights}),
              sums([&](std::size_t i) { return -c[i % 3] * (0.7 * p_values[i] + 0.1) * log_softmax_at(i); }),
              tolerance);
}

TEST(BalancedClassWeights, GiveEachClassTheSameShare) {
  const std::vector<std::int64_t> counts = {1, 3, 0, 4};
  const Doubles w = nn::balanced_class_weights(counts, DType::f64).to_vector<double>();
  expect_near(Array::from(w, {4}), {2.0, 8.0 / 12, 0.0, 0.5}, tolerance);
  expect_error(ErrorKind::argument, "no samples", [] { nn::balanced_class_weights({}); });
  expect_error(ErrorKind::argument, "-1 samples",
               [] { nn::balanced_class_weights(std::vector<std::int64_t>{-1}); });
}

TEST(Focal, WeighsByWhatIsMissing) {
  for (const double gamma : {0.5, 2.0, 3.5}) {
    expect_near(nn::focals(y, p, gamma), sums([&](std::size_t i) {
                  return -p_values[i] * std::pow(1.0 - std::exp(log_softmax_at(i)), gamma) *
                         log_softmax_at(i);
                }),
                tolerance);
  }
  expect_near(nn::focals(y, labels({1, 0}), 0.0), nn::cross_entropies(y, labels({1, 0})).to_vector<double>(),
              tolerance);
}

// p is 1 in f32 there: 0 times an infinity must not arise.
TEST(Focal, IsFiniteWhereTheProbabilityIsOne) {
  for (const float gamma : {0.5f, 1.0f, 2.0f}) {
    const Array z = Array::from(std::vector<float>{200, -200, -200, 200}, {2, 2});
    const Array slope = gradient(nn::focal(z, labels({0, 0}), gamma), z);
    for (const float value : slope.to_vector<float>()) EXPECT_TRUE(std::isfinite(value)) << gamma;
    const std::vector<float> losses = nn::focals(z, labels({0, 0}), gamma).to_vector<float>();
    EXPECT_NEAR(losses[0], 0.0f, 1e-12f);
    EXPECT_FLOAT_EQ(losses[1], 400.0f);
  }
}

TEST(KlDivergence, IsItsEquationWithZeroTimesLogZeroZero) {
  expect_near(nn::kl_divergences(y, p), sums([](std::size_t i) {
                return p_values[i] == 0.0 ? 0.0 : p_values[i] * (std::log(p_values[i]) - log_softmax_at(i));
              }),
              tolerance);
}

TEST(KlDivergence, IsZeroForEqualDistributionsAndElseAbove) {
  expect_near(nn::kl_divergences(y, softmax(y)), {0.0, 0.0}, tolerance);
  for (const double divergence : nn::kl_divergences(y, p).to_vector<double>()) EXPECT_GT(divergence, 0.0);
}

// Scores (0.5, 2, -1), label 1: max(0, 1 + 0.5 - 2) + max(0, 1 - 1 - 2) = 0; (0.1, 1, 3), label 0: 1.9 + 3.9.
TEST(Hinge, SumsOverTheOtherClasses) {
  expect_near(nn::hinges(y, labels({1, 0})), {0.0, 5.8}, tolerance);
  expect_near(nn::hinges(y, labels({0, 2})), {2.5 + 0.0, 0.0}, tolerance);
}

TEST(Hinge, TakesOneOutputAndSigns) {
  const Array scores = matrix({0.3, -2.0, 0.4}, {3, 1});
  expect_near(nn::hinges(scores, labels({1, 0, 0})), {0.7, 0.0, 1.4}, tolerance);
  expect_near(nn::hinges(scores, matrix({1, -1, -1}, {3, 1})), {0.7, 0.0, 1.4}, tolerance);
}

TEST(MoreLosses, HaveTheGradientsOfTheCentralDifference) {
  const auto check = [](auto loss) {
    expect_gradient([&](const Array& at) { return mean(loss(at)); }, y_values, {2, 3});
  };
  check([](const Array& at) { return nn::hubers(at, t, 0.7); });
  check([](const Array& at) { return nn::quantiles(at, t, 0.8); });
  check([](const Array& at) { return nn::poissons(at, t) * 0.1; });
  check([](const Array& at) { return nn::focals(at, p, 2.0); });
  check([](const Array& at) { return nn::focals(at, labels({1, 0}), 1.5); });
  check([](const Array& at) { return nn::kl_divergences(at, p); });
  check([](const Array& at) { return nn::hinges(at, labels({1, 0})); });
  check([](const Array& at) { return nn::hinges(at, t); });
  check([](const Array& at) {
    return nn::cross_entropies(at, labels({1, 0}),
                               {.label_smoothing = 0.2, .class_weights = matrix({1.0, 2.0, 0.5}, {3})});
  });
}

TEST(MoreLosses, AreInTheTableUnderTheirNames) {
  for (const char* name : {"huber", "quantile", "poisson", "focal", "kl_divergence", "hinge"}) {
    EXPECT_EQ(nn::loss(name).name, name);
  }
  expect_near(nn::loss("huber").per_sample(y, t), nn::hubers(y, t).to_vector<double>(), 0.0);
  expect_near(nn::loss("focal").per_sample(y, p), nn::focals(y, p).to_vector<double>(), 0.0);
  expect_near(nn::loss("hinge").per_sample(y, p), nn::hinges(y, p).to_vector<double>(), 0.0);
  expect_error(ErrorKind::argument, "did you mean \"huber\"?", [] { nn::loss("hubber"); });
  expect_error(ErrorKind::argument, "did you mean \"poisson\"?", [] { nn::loss("poison"); });
}

TEST(MoreLosses, RefuseWrongOptionsAndShapes) {
  expect_error(ErrorKind::argument, "delta is 0", [] { nn::huber(y, t, 0.0); });
  expect_error(ErrorKind::argument, "q is 1", [] { nn::quantile(y, t, 1.0); });
  expect_error(ErrorKind::argument, "gamma is -1", [] { nn::focal(y, p, -1.0); });
  expect_error(ErrorKind::argument, "label smoothing is 1",
               [] { nn::cross_entropy(y, p, {.label_smoothing = 1.0}); });
  expect_error(ErrorKind::shape, "class weights are f64[2], expected f64[3]", [] {
    nn::cross_entropy(y, p, {.class_weights = matrix({1, 2}, {2})});
  });
  expect_error(ErrorKind::dtype, "class weights are f32[3], expected f64[3]",
               [] { nn::cross_entropy(y, p, {.class_weights = ones({3})}); });
  for (const char* name : {"focal", "kl_divergence"}) {
    expect_error(ErrorKind::shape, "with 2 classes or more", [&] {
      nn::loss(name).per_sample(matrix({1, 2}, {2, 1}), labels({0, 0}));
    });
  }
  expect_error(ErrorKind::shape, "huber: targets f64[3] do not fit", [] {
    nn::huber(y, matrix({1, 2, 3}, {3}));
  });
}

TEST(LossTexts, GiveTheValueOfTheOption) {
  expect_near(nn::loss("huber(0.5)").per_sample(y, t), nn::hubers(y, t, 0.5).to_vector<double>(), 0.0);
  expect_near(nn::loss(" quantile( 0.9 ) ").per_sample(y, t), nn::quantiles(y, t, 0.9).to_vector<double>(),
              0.0);
  expect_near(nn::loss("focal(1)").per_sample(y, p), nn::focals(y, p, 1.0).to_vector<double>(), 0.0);
  expect_error(ErrorKind::argument, "mse takes no number", [] { nn::loss("mse(2)"); });
  expect_error(ErrorKind::argument, "quantile: q is 1; expected 0 < q < 1", [] { nn::loss("quantile(1)"); });
  expect_error(ErrorKind::argument, "\"a\" is no number", [] { nn::loss("huber(a)"); });
  expect_error(ErrorKind::argument, "has no ) at its end", [] { nn::loss("huber(1"); });
  expect_error(ErrorKind::argument, "expected huber(delta)", [] { nn::loss("huber(1, 2)"); });
}

TEST(LossOptions, WeighSamplesByTheirClass) {
  const std::vector<double> weights = {1.0, 2.0, 0.5};
  for (const char* name : {"cross_entropy", "focal", "half_squared_error", "hinge"}) {
    nn::Loss loss = nn::loss(name);
    const std::vector<double> plain = loss.per_sample(y, labels({1, 2})).to_vector<double>();
    loss.class_weights = weights;
    // The label's weight is a power of two: exact, but for the order of sums in cross_entropy.
    expect_near(loss.per_sample(y, labels({1, 2})), {2.0 * plain[0], 0.5 * plain[1]}, 1e-14);
  }
  nn::Loss smooth = nn::loss("cross_entropy");
  smooth.label_smoothing = 0.2;
  smooth.class_weights = weights;
  expect_near(
      smooth.per_sample(y, labels({1, 0})),
      nn::cross_entropies(y, labels({1, 0}), {.label_smoothing = 0.2, .class_weights = matrix(weights, {3})})
          .to_vector<double>(),
      0.0);
  nn::Loss mae = nn::loss("mae");
  mae.label_smoothing = 0.1;
  expect_error(ErrorKind::argument, "mae: has no label smoothing", [&] { mae.per_sample(y, t); });
  mae.label_smoothing = 0.0;
  mae.class_weights = weights;
  expect_error(ErrorKind::argument, "class weights want integer labels", [&] { mae.per_sample(y, t); });
}

}  // namespace
