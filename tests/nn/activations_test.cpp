// Activations against their equations in plain doubles, their derivatives, their limits.
#include <retrograd/activations.h>
#include <retrograd/model_text.h>

#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

#include "nn/expect_error.h"
#include "nn/finite_difference.h"

namespace {

using namespace retrograd;
using nn_test::Doubles;
using nn_test::expect_error;

struct Case {
  const char* text;
  double (*equation)(double);
};

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

const Case cases[] = {
    {"leaky_relu", [](double x) { return x > 0 ? x : 0.01 * x; }},
    {"leaky_relu(0.2)", [](double x) { return x > 0 ? x : 0.2 * x; }},
    {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
    {"elu(0.5)", [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); }},
    {"selu", [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }},
    {"gelu", [](double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); }},
    {"gelu(tanh=true)",
     [](double x) {
       return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
     }},
    {"silu", [](double x) { return x * logistic(x); }},
    {"mish", [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
    {"softplus", [](double x) { return std::log1p(std::exp(x)); }},
    {"softplus(2.5)", [](double x) { return std::log1p(std::exp(2.5 * x)) / 2.5; }},
    {"softsign", [](double x) { return x / (1.0 + std::abs(x)); }},
    {"hard_sigmoid", [](double x) { return std::min(std::max(x / 6.0 + 0.5, 0.0), 1.0); }},
};

const Doubles points = {-30.0, -7.3, -3.1, -1.5, -0.4, -1e-3, 1e-3, 0.3, 1.7, 2.9, 3.2, 8.0, 40.0};
const auto count = static_cast<std::int64_t>(points.size());

class ActivationLayer : public testing::TestWithParam<Case> {
 protected:
  nn::Sequential layer = nn::build_model(GetParam().text, {count}, {.dtype = DType::f64});
};

// A few roundings of numbers up to 40, the constants among them.
TEST_P(ActivationLayer, IsItsEquation) {
  Doubles expected;
  for (const double x : points) expected.push_back(GetParam().equation(x));
  nn_test::expect_near(layer(Array::from(points, {1, count})), expected, 3e-14);
}

// The points are further than 1e-5 from the kinks at 0, 3 and -3.
TEST_P(ActivationLayer, HasTheDerivativeOfTheCentralDifference) {
  const Doubles weights = {0.3, -1.0, 0.7, 1.1, -0.2, 0.9, 1.3, -0.6, 0.8, 0.1, -1.4, 0.5, 1.0};
  const auto f = [&](const Array& x) { return sum(layer(x) * Array::from(weights, {1, count})); };
  nn_test::expect_gradient(f, points, {1, count});
}

// The sum of the squared derivatives is differentiated again; x itself stands in for lines, whose derivative
// is a constant.
TEST_P(ActivationLayer, HasASecondDerivative) {
  const auto f = [&](const Array& x) { return sum(square(gradient(sum(layer(x)), x))) * 0.1 + sum(x); };
  nn_test::expect_gradient(f, points, {1, count});
}

TEST_P(ActivationLayer, KeepsItsTextAndCopies) {
  EXPECT_EQ(layer.text(), GetParam().text);
  const nn::Sequential copy = nn::cloned(layer);
  EXPECT_EQ(copy.text(), GetParam().text);
  const Array x = Array::from(points, {1, count});
  EXPECT_EQ(copy(x).to_vector<double>(), layer(x).to_vector<double>());
}

// exp(1000) overflows; the activations and their derivatives do not, in neither dtype.
TEST_P(ActivationLayer, StaysFiniteFarOut) {
  const nn::Sequential single = nn::build_model(GetParam().text, {4});
  const Array x = Array::from(std::vector<float>{-1e4f, -1e3f, 1e3f, 1e4f}, {1, 4});
  for (const float slope : gradient(sum(single(x)), x).to_vector<float>()) EXPECT_TRUE(std::isfinite(slope));
  for (const float value : single(x).to_vector<float>()) EXPECT_TRUE(std::isfinite(value));
}

TEST_P(ActivationLayer, PassesANaNOn) {
  const Array x = Array::from(Doubles{std::numeric_limits<double>::quiet_NaN()}, {1, 1});
  EXPECT_TRUE(std::isnan(layer(x).item<double>()));
}

INSTANTIATE_TEST_SUITE_P(Layers, ActivationLayer, testing::ValuesIn(cases), [](const auto& c) {
  std::string name;
  for (const char letter : std::string(c.param.text)) name += std::isalnum(letter) ? letter : '_';
  return name;
});

double slope_at_zero(const nn::Module& layer) {
  const Array x = Array::from(Doubles{0.0}, {1, 1});
  return gradient(sum(layer(x)), x).item<double>();
}

TEST(Activation, IsSmoothAtZeroWhereItsEquationIs) {
  EXPECT_DOUBLE_EQ(slope_at_zero(nn::Softplus()), 0.5);
  EXPECT_DOUBLE_EQ(slope_at_zero(nn::Elu()), 1.0);
  EXPECT_DOUBLE_EQ(slope_at_zero(nn::Silu()), 0.5);
  EXPECT_DOUBLE_EQ(slope_at_zero(nn::Gelu()), 0.5);
  EXPECT_DOUBLE_EQ(slope_at_zero(nn::Softsign()), 1.0);
  EXPECT_NEAR(slope_at_zero(nn::Mish()), 0.6, 1e-15);  // tanh(log 2) = 3/5
  // softplus'' (0) = 1/4
  const nn::Softplus softplus;
  const Array x = Array::from(Doubles{0.0}, {1, 1});
  const Array slope = gradient(sum(softplus(x)), x);
  EXPECT_DOUBLE_EQ(gradient(sum(slope), x).item<double>(), 0.25);
}

// For inputs N(0, 1) selu has mean 0 and variance 1: the integral over a fine grid of the normal density. The
// rule of the trapezium is off by about h^2 at the kink.
TEST(Selu, KeepsMeanZeroAndVarianceOne) {
  const double h = 1e-3;
  Doubles x, density;
  for (double at = -10.0; at <= 10.0; at += h) {
    x.push_back(at);
    density.push_back(h * std::exp(-at * at / 2) / std::sqrt(2 * std::numbers::pi));
  }
  const Doubles y = nn::Selu()(Array::from(x, {1, static_cast<std::int64_t>(x.size())})).to_vector<double>();
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    mean += density[i] * y[i];
    squares += density[i] * y[i] * y[i];
  }
  EXPECT_NEAR(mean, 0.0, 1e-6);
  EXPECT_NEAR(squares, 1.0, 1e-6);
}

TEST(Activation, RefusesWrongOptions) {
  expect_error(ErrorKind::argument, "slope is nan", [] { nn::LeakyRelu layer(std::nan("")); });
  expect_error(ErrorKind::argument, "alpha is -1", [] { nn::Elu layer(-1.0); });
  expect_error(ErrorKind::argument, "beta is 0", [] { nn::Softplus layer(0.0); });
  expect_error(ErrorKind::argument, "did you mean \"softplus\"?", [] { nn::build_model("softplu", {1}); });
}

// He's limit sqrt(6 / in) before one-sided activations, Glorot's before the others.
TEST(Activation, TellsTheDefaultInitialiserWhetherItIsOneSided) {
  const auto largest = [](const std::string& activation) {
    float most = 0;
    const nn::Sequential net = nn::build_model("linear(100), " + activation, {100});
    for (const float w : net.parameters()[0].read().to_vector<float>()) most = std::max(most, std::abs(w));
    return most;
  };
  for (const char* one_sided : {"leaky_relu", "elu", "gelu", "silu", "mish", "softplus"}) {
    EXPECT_GT(largest(one_sided), std::sqrt(6.0 / 200)) << one_sided;
  }
  for (const char* other : {"selu", "softsign", "hard_sigmoid"}) {
    EXPECT_LE(largest(other), std::sqrt(6.0 / 200)) << other;
  }
}

}  // namespace
