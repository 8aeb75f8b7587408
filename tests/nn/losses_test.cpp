// Losses against their equations.
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include <cmath>
#include <vector>

#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using nn_test::expect_error;
using Doubles = std::vector<double>;

Array matrix(const Doubles& values, const Shape& shape) { return Array::from(values, shape); }
Array labels(const std::vector<std::int32_t>& values) {
  return Array::from(values, {static_cast<std::int64_t>(values.size())});
}

const Doubles y_values = {0.5, 2.0, -1.0, 0.0, 1.0, 3.0};
const Doubles t_values = {1.0, 0.0, -1.0, 0.5, 1.0, 1.0};
const Array y = matrix(y_values, {2, 3});
const Array t = matrix(t_values, {2, 3});

// Sums of a few numbers near 1 in f64.
constexpr double tolerance = 1e-14;

void expect_near(const Array& actual, const Doubles& expected) {
  const Doubles values = actual.to_vector<double>();
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], tolerance) << i;
}

TEST(HalfSquaredError, SumsOverOutputsAndAveragesOverTheBatch) {
  expect_near(nn::half_squared_errors(y, t), {(0.25 + 4.0) / 2, (0.25 + 4.0) / 2});
  expect_near(nn::half_squared_error(y, t), {2.125});
}

TEST(MseAndMae, AverageOverOutputsToo) {
  expect_near(nn::mean_squared_errors(y, t), {4.25 / 3, 4.25 / 3});
  expect_near(nn::mse(y, t), {4.25 / 3});
  expect_near(nn::mean_absolute_errors(y, t), {2.5 / 3, 2.5 / 3});
  expect_near(nn::mae(y, t), {2.5 / 3});
}

TEST(CrossEntropy, IsMinusTheLogarithmOfTheProbability) {
  const double sum_0 = std::exp(0.5) + std::exp(2.0) + std::exp(-1.0);
  const double sum_1 = 1.0 + std::exp(1.0) + std::exp(3.0);
  const Doubles expected = {std::log(sum_0) - 2.0, std::log(sum_1) - 0.0};
  expect_near(nn::cross_entropies(y, labels({1, 0})), expected);
  expect_near(nn::cross_entropies(y, one_hot(labels({1, 0}), 3, DType::f64)), expected);
  expect_near(nn::cross_entropy(y, labels({1, 0})), {(expected[0] + expected[1]) / 2});
}

TEST(BinaryCrossEntropy, IsItsEquation) {
  const Array target = matrix({1, 0, 0.25, 0, 1, 1}, {2, 3});
  Doubles expected = {0.0, 0.0};
  for (std::size_t i = 0; i < 6; ++i) {
    const double s = 1.0 / (1.0 + std::exp(-y_values[i]));
    const double goal = target.to_vector<double>()[i];
    expected[i / 3] -= goal * std::log(s) + (1.0 - goal) * std::log(1.0 - s);
  }
  expect_near(nn::binary_cross_entropies(y, target), expected);
  expect_near(nn::binary_cross_entropy(y, target), {(expected[0] + expected[1]) / 2});
}

TEST(BinaryCrossEntropy, NeitherOverflowsNorLosesItsGradientAtZero) {
  const Array z = matrix({-800.0, 0.0, 800.0}, {3, 1});
  const Array target = labels({1, 1, 1});
  const Array loss = nn::binary_cross_entropies(z, target);
  const Array slope = gradient(sum(loss), z);
  expect_near(loss, {800.0, std::log(2.0), 0.0});
  expect_near(slope, {-1.0, -0.5, 0.0});
}

TEST(Targets, MayBeLabelsAndColumns) {
  expect_near(nn::half_squared_errors(y, labels({0, 2})), {(0.25 + 4 + 1) / 2, (0.0 + 1 + 4) / 2});
  const Array column = matrix({1.0, 2.0}, {2, 1});
  expect_near(nn::mse(column, matrix({0.0, 2.0}, {2})), {0.5});
  expect_near(nn::mse(matrix({1.0, 2.0}, {2}), matrix({0.0, 2.0}, {2})), {0.5});
  expect_near(nn::mse(column, labels({0, 2})), {0.5});
  expect_near(nn::binary_cross_entropies(column, labels({1, 0})),
              {std::log1p(std::exp(-1.0)), std::log1p(std::exp(2.0))});
}

TEST(Targets, ThatDoNotFitAreErrors) {
  expect_error(ErrorKind::shape, "mse: targets f64[3] do not fit outputs f64[2, 3]", [] {
    nn::mse(y, matrix({1, 2, 3}, {3}));
  });
  expect_error(ErrorKind::shape, "the last layer's units must match", [] {
    nn::mse(y, matrix({1, 2}, {2, 1}));
  });
  expect_error(ErrorKind::shape, "with 2 classes or more", [] {
    nn::cross_entropy(matrix({1, 2}, {2, 1}), labels({0, 0}));
  });
  expect_error(ErrorKind::dtype, "targets are f32, outputs f64", [] { nn::mse(y, zeros({2, 3})); });
  expect_error(ErrorKind::dtype, "outputs are i32", [] { nn::mse(labels({1}), labels({1})); });
}

TEST(WeightedMean, LeavesOutMaskedSamples) {
  expect_near(nn::weighted_mean(matrix({1.0, 3.0, 100.0}, {3}), matrix({1.0, 1.0, 0.0}, {3})), {2.0});
  expect_error(ErrorKind::shape, "weighted_mean", [] { nn::weighted_mean(y, matrix({1, 2}, {2})); });
}

TEST(Penalties, AreOverWeightsAndNotBiases) {
  const nn::Linear linear(2, 1);
  linear.weight().assign(Array::from(std::vector<float>{3, -4}, {2, 1}));
  linear.bias().assign(Array::of({100}));
  EXPECT_EQ(nn::l2_penalty(linear.parameters()).item<float>(), 12.5f);
  EXPECT_EQ(nn::l1_penalty(linear.parameters()).item<float>(), 7.0f);
  expect_error(ErrorKind::argument, "no weights", [] { nn::l2_penalty({}); });
}

TEST(Losses, AreFoundByNameWithASuggestion) {
  for (const nn::Loss& entry : nn::losses()) EXPECT_EQ(nn::loss(entry.name).compute, entry.compute);
  expect_error(ErrorKind::argument, "did you mean \"cross_entropy\"?", [] { nn::loss("cross_entrophy"); });
}

TEST(ModelLosses, LeaveOutTheActivationThatTheLossHasWithinIt) {
  const nn::Sequential net(nn::Linear(2, 3), nn::Softmax());
  const Array x = Array::from(std::vector<float>{1, 2}, {1, 2});
  EXPECT_EQ(nn::model_losses(nn::loss("cross_entropy"), net, x, labels({1})).to_vector<float>(),
            nn::cross_entropies(net.logits(x), labels({1})).to_vector<float>());
  EXPECT_EQ(nn::model_losses(nn::loss("mse"), net, x, labels({1})).to_vector<float>(),
            nn::mean_squared_errors(net(x), labels({1})).to_vector<float>());
  expect_error(ErrorKind::argument,
               "the model ends with softmax; leave that layer out, or take cross_entropy",
               [&] { nn::model_losses(nn::loss("binary_cross_entropy"), net, x, labels({1})); });
}

}  // namespace
