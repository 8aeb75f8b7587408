// The record of networks with each activation and loss: factors, sums, central differences, what is left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/explain.h>
#include <retrograd/gradients.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <tuple>

#include "explain/networks.h"

namespace {

using namespace retrograd;
using namespace retrograd::explain;
using explain_test::doubles;
using explain_test::spread;

constexpr double unlimited = std::numeric_limits<double>::infinity();

// Products of a few numbers, each rounded to 2^-53 of itself, in another order: a dozen roundings of the
// largest magnitude that is added.
constexpr double rounding = 16 * 0x1p-53;

void expect_consistent(const Unit& unit, double most = unlimited) {
  double z = unit.bias.value_or(0.0) + unit.omitted_sum;
  double scale = std::abs(z);
  for (const Term& term : unit.terms) {
    EXPECT_EQ(term.product, term.weight * term.x);
    z += term.product;
    scale += std::abs(term.product);
  }
  EXPECT_NEAR(unit.z, z, rounding * scale);
  if (unit.dE_dy) {
    EXPECT_NEAR(*unit.dE_dy * *unit.dy_dz, unit.dE_dz,
                rounding * std::abs(*unit.dE_dy) * std::max(1.0, std::abs(*unit.dy_dz)));
  }
  EXPECT_LE(std::abs(unit.y), most);
}

void expect_consistent(const Parameter& parameter, double batch) {
  double total = 0, scale = 0;
  for (const Factors& factors : parameter.factors) {
    EXPECT_EQ(factors.product, factors.dE_dz * factors.dz_dw);
    total += factors.product;
    scale += std::abs(factors.product);
  }
  if (parameter.omitted_samples == 0) {
    EXPECT_NEAR(parameter.gradient, total / batch, rounding * scale) << parameter.name;
  }
  EXPECT_TRUE(parameter.agrees) << parameter.name << " " << parameter.gradient << " " << parameter.difference;
}

void expect_consistent(const Record& record) {
  for (const Layer& layer : record.layers) {
    for (const auto& units : layer.samples) {
      for (const Unit& unit : units) expect_consistent(unit);
    }
    for (const Parameter& parameter : layer.weights) expect_consistent(parameter, double(record.batch));
    for (const Parameter& parameter : layer.biases) expect_consistent(parameter, double(record.batch));
  }
  for (const Sample& sample : record.samples) {
    double total = sample.omitted_sum;
    for (const ErrorTerm& term : sample.terms) total += term.value;
    EXPECT_NEAR(total, sample.error, rounding * std::abs(sample.error) * 4);
    for (const Input& input : sample.inputs) EXPECT_TRUE(input.agrees) << input.input;
  }
  EXPECT_TRUE(record.agrees) << record.max_relative_error;
  EXPECT_LE(record.error_after, record.error);  // the step is small
}

using Case = std::tuple<const char*, const char*>;
class EveryActivationAndLoss : public testing::TestWithParam<Case> {};

// The last layer is what the loss wants: softmax and sigmoid where it has them within it.
TEST_P(EveryActivationAndLoss, FactorsAreTheGradientAndTheCentralDifference) {
  const auto [activation, loss] = GetParam();
  const std::string name = loss;
  const bool distribution = name == "cross_entropy" || name == "focal" || name == "kl_divergence";
  const std::string last = distribution                     ? "linear(3), softmax"
                           : name == "binary_cross_entropy" ? "linear(3), sigmoid"
                                                            : "linear(3)";
  const nn::Sequential model =
      nn::build_model(std::string("linear(5), ") + activation + ", linear(4), " + activation + ", " + last,
                      {4}, {.seed = 3, .dtype = DType::f64});
  for (const Variable& parameter : model.parameters()) {  // biases that are not 0 keep relu from its kink
    if (parameter.shape().rank() == 1) parameter.assign(spread(parameter.shape(), -.4, .6));
  }
  const Array t = distribution ? doubles({.2, .5, .3, 1, 0, 0}, {2, 3}) : spread({2, 3}, 0, 1);
  const Record record = explain_step(model, spread({2, 4}, -1, 1), t, loss, {.learning_rate = 0.01});
  expect_consistent(record);
  ASSERT_EQ(record.layers.size(), 3u);
  EXPECT_EQ(record.layers[0].weights.size(), 20u);
  EXPECT_EQ(record.layers[2].biases.size(), 3u);
  EXPECT_EQ(record.checked, 20 + 5 + 20 + 4 + 12 + 3 + 2 * 4);
}

const auto named = [](const testing::TestParamInfo<Case>& tested) {
  return std::string(std::get<0>(tested.param)) + "_" + std::get<1>(tested.param);
};

INSTANTIATE_TEST_SUITE_P(All, EveryActivationAndLoss,
                         testing::Combine(testing::Values("sigmoid", "tanh", "relu", "softmax"),
                                          testing::Values("half_squared_error", "mse", "mae", "cross_entropy",
                                                          "binary_cross_entropy")),
                         named);

INSTANTIATE_TEST_SUITE_P(Activations, EveryActivationAndLoss,
                         testing::Combine(testing::Values("leaky_relu", "elu", "selu", "gelu", "silu", "mish",
                                                          "softplus", "softsign", "hard_sigmoid"),
                                          testing::Values("half_squared_error")),
                         named);

INSTANTIATE_TEST_SUITE_P(Losses, EveryActivationAndLoss,
                         testing::Combine(testing::Values("tanh"),
                                          testing::Values("huber", "poisson", "focal", "kl_divergence")),
                         named);

// The hinge of classes wants labels: one-hot rows would be something else.
TEST(ExplainStep, LabelsStayLabelsWhereTheLossWantsThem) {
  const nn::Sequential model = nn::build_model("linear(3)", {2}, {.dtype = DType::f64});
  const Array x = doubles({.5, -1}, {1, 2});
  const Array label = Array::from(std::span<const std::int32_t>(std::vector<std::int32_t>{2}), {1});
  const Record record = explain_step(model, x, label, "hinge");
  EXPECT_DOUBLE_EQ(record.error, mean(nn::loss("hinge").per_sample(model(x), label)).item<double>());
  EXPECT_EQ(record.samples[0].terms[2].t, 1);
  EXPECT_TRUE(record.agrees);
}

TEST(ExplainStep, TheGradientsAreThoseOfTheModelItself) {
  const nn::Sequential model = nn::build_model("linear(3), tanh, linear(2)", {2}, {.dtype = DType::f64});
  const Array x = spread({1, 2}, -1, 1);
  const Array t = doubles({.3, -.2}, {1, 2});
  const Record record = explain_step(model, x, t, "mse");
  const std::vector<Array> found = gradients(nn::mse(model(x), t), model.parameters());
  const std::vector<double> hidden = found[0].to_vector<double>();  // [2, 3]
  for (const Parameter& w : record.layers[0].weights) {
    EXPECT_DOUBLE_EQ(w.gradient, hidden[static_cast<std::size_t>((w.input - 1) * 3 + w.unit - 1)]) << w.name;
  }
}

TEST(ExplainStep, SoftmaxWithCrossEntropyIsTheDifference) {
  const nn::Sequential model = nn::build_model("linear(3), softmax", {2}, {.dtype = DType::f64});
  const Array label = Array::from(std::span<const std::int32_t>(std::vector<std::int32_t>{2}), {1});
  const Record record = explain_step(model, doubles({.5, -1}, {1, 2}), label, "cross_entropy");
  const Layer& layer = record.layers[0];
  EXPECT_TRUE(layer.activation_in_loss);
  EXPECT_NE(layer.delta.plain.find("y_j - t_j"), std::string::npos);
  for (std::size_t j = 0; j < 3; ++j) {
    const Unit& unit = layer.samples[0][j];
    EXPECT_FALSE(unit.dE_dy.has_value());
    EXPECT_NEAR(unit.dE_dz, unit.y - (j == 2 ? 1 : 0), rounding);
  }
}

// A softmax before the loss couples the outputs: dE/dz_j = sum_k dE/dy_k dy_k/dz_j.
TEST(ExplainStep, ACoupledActivationHasAPathForEachOutput) {
  const nn::Sequential model = nn::build_model("linear(3), softmax", {2}, {.dtype = DType::f64});
  const Record record =
      explain_step(model, doubles({.5, -1}, {1, 2}), doubles({0, 1, 0}, {1, 3}), "half_squared_error");
  for (const Unit& unit : record.layers[0].samples[0]) {
    ASSERT_EQ(unit.paths.size(), 3u);
    double total = 0;
    for (const Path& path : unit.paths) total += path.dE_dy * path.dy_dz;
    EXPECT_NEAR(total, unit.dE_dz, rounding);
  }
  EXPECT_TRUE(record.agrees);
}

// x = 0 and b = 0: z is 0, where relu has the slopes 0 and 1 and by convention the derivative 0.
TEST(ExplainStep, MarksAKink) {
  const nn::Sequential model = nn::build_model("linear(1), relu", {1}, {.dtype = DType::f64});
  const Record record = explain_step(model, doubles({0}, {1, 1}), doubles({1}, {1, 1}), "mse");
  EXPECT_TRUE(record.layers[0].biases[0].kink);
  EXPECT_FALSE(record.layers[0].biases[0].agrees);
  EXPECT_FALSE(record.layers[0].weights[0].kink);
  EXPECT_EQ(record.kinks, 2);  // the bias and x
  EXPECT_TRUE(record.agrees);
  EXPECT_NE(to_text(record).find("2 gradients, marked k, are at a kink"), std::string::npos);
}

TEST(ExplainStep, LeavesTheModelAlone) {
  const nn::Sequential model = nn::build_model("linear(2)", {2});
  const std::vector<float> before = model.parameters()[0].read().to_vector<float>();
  explain_step(model, doubles({1, 2}, {1, 2}), doubles({0, 0}, {1, 2}), "mse");
  EXPECT_EQ(model.parameters()[0].read().to_vector<float>(), before);
  EXPECT_EQ(model.parameters()[0].dtype(), DType::f32);
}

TEST(ExplainStep, CountsWhatItLeavesOut) {
  const nn::Sequential model =
      nn::build_model("linear(30), sigmoid, linear(12)", {20}, {.dtype = DType::f64});
  const Record record =
      explain_step(model, spread({5, 20}, -1, 1), spread({5, 12}, 0, 1), "half_squared_error",
                   {.learning_rate = 0.01, .max_units = 4, .max_inputs = 6, .max_samples = 2});
  expect_consistent(record);
  EXPECT_EQ(record.batch, 5);
  EXPECT_EQ(record.samples.size(), 2u);
  EXPECT_EQ(record.omitted_samples, 3);
  const Layer& layer = record.layers[0];
  EXPECT_EQ(layer.samples[0].size(), 4u);
  EXPECT_EQ(layer.omitted_units, 26);
  EXPECT_EQ(layer.samples[0][0].terms.size(), 6u);
  EXPECT_EQ(layer.samples[0][0].omitted_terms, 14);
  EXPECT_EQ(layer.weights.size(), 24u);
  EXPECT_EQ(layer.omitted_weights, 600 - 24);
  EXPECT_EQ(layer.omitted_biases, 26);
  EXPECT_EQ(layer.weights[0].omitted_samples, 3);
  EXPECT_EQ(record.samples[0].omitted_inputs, 14);
  EXPECT_EQ(record.samples[0].omitted_terms, 8);
  const std::string text = to_text(record);
  EXPECT_NE(text.find("2 of 5 samples are written out."), std::string::npos);
  EXPECT_NE(text.find("(26 more units left out"), std::string::npos);
  EXPECT_NE(text.find("14 more terms"), std::string::npos);
}

TEST(ExplainStep, ZeroLimitsWriteOutEverything) {
  const nn::Sequential model = nn::build_model("linear(12)", {10}, {.dtype = DType::f64});
  const Record record = explain_step(model, spread({3, 10}, -1, 1), spread({3, 12}, 0, 1), "mse",
                                     {.max_units = 0, .max_inputs = 0, .max_samples = 0});
  EXPECT_EQ(record.layers[0].weights.size(), 120u);
  EXPECT_EQ(record.layers[0].omitted_weights, 0);
  EXPECT_EQ(record.samples.size(), 3u);
}

TEST(ExplainStep, FlattenAndDropoutPass) {
  const nn::Sequential model =
      nn::build_model("flatten, linear(3), relu, dropout(0.5), linear(2)", {2, 2}, {.dtype = DType::f64});
  const Record record = explain_step(model, spread({1, 2, 2}, 0, 1), spread({1, 2}, 0, 1), "mse");
  EXPECT_EQ(record.layers[0].inputs, 4);
  ASSERT_EQ(record.notes.size(), 1u);
  EXPECT_NE(record.notes[0].find("dropout_1"), std::string::npos);
}

template <typename F>
void expect_error(ErrorKind kind, const char* part, F&& call) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one with: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(ExplainStep, ErrorsSayWhatIsWrong) {
  const Array x = spread({1, 4}, -1, 1);
  const Array t = spread({1, 4}, 0, 1);
  const nn::Sequential residual = nn::build_model("linear(4), residual(linear(4)), linear(4)", {4});
  const nn::Sequential plain = nn::build_model("linear(4)", {4});
  expect_error(ErrorKind::argument, "residual_1", [&] { explain_step(residual, x, t, "mse"); });
  expect_error(ErrorKind::argument, "is unknown", [&] { explain_step(plain, x, t, "mze"); });
  expect_error(ErrorKind::argument, "learning rate",
               [&] { explain_step(plain, x, t, "mse", {.learning_rate = -1}); });
  expect_error(ErrorKind::argument, "input names",
               [&] { explain_step(plain, x, t, "mse", {.input_names = {"a"}}); });
  expect_error(ErrorKind::shape, "targets", [&] { explain_step(plain, x, spread({1, 3}, 0, 1), "mse"); });
  expect_error(ErrorKind::shape, "inputs", [&] { explain_step(plain, spread({4}, 0, 1), t, "mse"); });
}

TEST(ExplainText, FitsEightyColumns) {
  const nn::Sequential model =
      nn::build_model("linear(30), tanh, linear(12), softmax", {200}, {.dtype = DType::f64});
  const std::string long_name(100, 'n');
  const Record record =
      explain_step(model, spread({3, 200}, -5000, 5000), spread({3, 12}, 0, 1), "cross_entropy",
                   {.input_names = std::vector<std::string>(200, long_name),
                    .output_names = std::vector<std::string>(12, long_name),
                    .rows = {7, 8, 9}});
  std::istringstream lines(to_text(record));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_GT(count, 100u);
  EXPECT_NE(to_text(record).find("sample 1 (row 7)"), std::string::npos);
}

TEST(CheckModel, ChecksEveryParameterInFloat64) {
  const nn::Sequential model = nn::build_model("linear(5), relu, residual(linear(5), tanh), linear(3)", {4});
  const Array labels = Array::from(std::span<const std::int32_t>(std::vector<std::int32_t>{2, 0}), {2});
  const GradientCheck check = check_model(model, spread({2, 4}, -1, 1), labels, "cross_entropy");
  EXPECT_TRUE(check.passed) << check.worst.variable << " " << check.max_relative_error;
  EXPECT_EQ(check.checked + check.kinks, 25 + 30 + 18);
  EXPECT_EQ(check.tolerance, 1e-6);
}

}  // namespace
