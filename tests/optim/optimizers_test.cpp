// Optimizers against their equations, written out on the host.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/optim.h>

#include <cmath>
#include <memory>

#include "optim/optim_test.h"

namespace {

using namespace retrograd;
using namespace optim_test;

// E = w_0^2 + 3 w_1^2; its gradient is {2 w_0, 6 w_1}.
Array quadratic(const Array& w) { return sum(square(w) * Array::from(Doubles{1.0, 3.0}, w.shape())); }
const double curvature[] = {2.0, 6.0};

// Makes `steps` updates of w.
void train(optim::Optimizer& optimizer, const Variable& w, int steps) {
  auto step = compile([&] {
    const Array error = quadratic(w);
    optimizer.update({{w}}, gradients(error, {w}));
    return error;
  });
  for (int i = 0; i < steps; ++i) step();
}

// A few dozen operations in f64 on numbers near 1.
constexpr double tolerance = 1e-13;

TEST(Sgd, StepsAgainstTheGradient) {
  const Variable w = weight(1.0, -2.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  train(sgd, w, 2);
  expect_near(values(w), {1.0 * 0.8 * 0.8, -2.0 * 0.4 * 0.4}, tolerance);
  EXPECT_EQ(sgd.variables().size(), 2u);  // step and learning rate: no moments
}

TEST(Sgd, KeepsAVelocity) {
  for (const bool nesterov : {false, true}) {
    const Variable w = weight(1.0, -2.0);
    optim::Sgd sgd({.learning_rate = 0.05, .momentum = 0.9, .nesterov = nesterov, .weight_decay = 0.1});
    train(sgd, w, 5);
    Doubles expected = {1.0, -2.0}, velocity = {0.0, 0.0};
    for (int i = 0; i < 5; ++i) {
      for (std::size_t k = 0; k < 2; ++k) {
        const double d = (curvature[k] + 0.1) * expected[k];
        velocity[k] = 0.9 * velocity[k] + d;
        expected[k] -= 0.05 * (nesterov ? d + 0.9 * velocity[k] : velocity[k]);
      }
    }
    expect_near(values(w), expected, tolerance);
  }
}

TEST(Adam, FollowsAlgorithmOneOfKingmaAndBa) {
  const Variable w = weight(1.0, -2.0);
  optim::Adam adam({.learning_rate = 0.1, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.2});
  train(adam, w, 20);
  Doubles expected = {1.0, -2.0}, m = {0.0, 0.0}, v = {0.0, 0.0};
  for (int t = 1; t <= 20; ++t) {
    for (std::size_t k = 0; k < 2; ++k) {
      const double g = curvature[k] * expected[k];
      m[k] = 0.8 * m[k] + 0.2 * g;
      v[k] = 0.99 * v[k] + 0.01 * g * g;
      const double m_hat = m[k] / (1.0 - std::pow(0.8, t));
      const double v_hat = v[k] / (1.0 - std::pow(0.99, t));
      expected[k] -= 0.1 * (m_hat / (std::sqrt(v_hat) + 1e-3) + 0.2 * expected[k]);
    }
  }
  expect_near(values(w), expected, 1e-11);
  EXPECT_EQ(adam.step().read().item<std::int64_t>(), 20);
}

// In the first step m_hat / sqrt(v_hat) is the sign of the gradient, whatever its size. The corrections come
// from f64, so f32 parameters see it to a few units of 2^-24.
TEST(Adam, FirstStepIsTheLearningRateInFloat32) {
  const Variable w(Array::from(std::vector<float>{1.0f, -2.0f}, {2, 1}), "w");
  optim::Adam adam({.learning_rate = 0.25});
  auto step = compile([&] { adam.update({{w}}, gradients(sum(square(w) * 1000.0), {w})); });
  step();
  expect_near(values(w), {0.75, -1.75}, 1e-6);
}

TEST(AdamW, DecaysWeightsAndNotBiases) {
  const Variable w = weight(1.0, 1.0);
  const Variable b = bias(1.0, 1.0);
  const std::vector<Variable> both = {w, b};
  optim::AdamW adamw({.learning_rate = 0.5, .weight_decay = 0.1});
  auto step = compile([&] { adamw.update(both, std::vector<Array>{zeros_like(w), zeros_like(b)}); });
  step();
  expect_near(values(w), {0.95, 0.95}, tolerance);
  EXPECT_EQ(values(b), (Doubles{1.0, 1.0}));
}

TEST(Optimizer, LeavesFrozenParametersAlone) {
  Variable w = weight(1.0, 1.0);
  w.set_trainable(false);
  const Variable b = bias(1.0, 1.0);
  const std::vector<Variable> both = {w, b};
  optim::Adam adam;
  auto step = compile([&] { adam.update(both, std::vector<Array>{ones_like(w), ones_like(b)}); });
  step();
  EXPECT_EQ(values(w), (Doubles{1.0, 1.0}));
  EXPECT_NE(values(b), (Doubles{1.0, 1.0}));
  EXPECT_EQ(adam.variables().size(), 4u);
}

TEST(Optimizer, ChangesTheLearningRateWithoutANewPlan) {
  const Variable w = weight(1.0, 1.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  auto step = compile([&] { sgd.update({{w}}, gradients(quadratic(w), {w})); });
  step();
  sgd.set_learning_rate(0.0);
  const Doubles before = values(w);
  step();
  EXPECT_EQ(values(w), before);
  EXPECT_EQ(step.plans(), 1u);
}

TEST(Optimizer, CountsSeveralCallsInOneTraceAsOneStep) {
  const Variable w = weight(1.0, 1.0);
  const Variable b = bias(1.0, 1.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  auto step = compile([&] {
    sgd.update({{w}}, std::vector<Array>{ones_like(w)});
    sgd.update({{b}}, std::vector<Array>{ones_like(b)});
  });
  step();
  step();
  EXPECT_EQ(sgd.step().read().item<std::int64_t>(), 2);
  expect_near(values(b), {0.8, 0.8}, tolerance);
}

// What a checkpoint does: all variables of one training put into another.
TEST(Optimizer, ContinuesFromItsVariables) {
  const auto options = optim::AdamOptions{.learning_rate = 0.1, .schedule = optim::Schedule::cosine(10, 3)};
  const Variable whole = weight(1.0, -2.0);
  optim::Adam uninterrupted(options);
  train(uninterrupted, whole, 8);

  const Variable first = weight(1.0, -2.0);
  optim::Adam before(options);
  train(before, first, 4);
  const Variable second = weight(0.0, 0.0);
  optim::Adam after(options);
  after.prepare({{second}});
  second.assign(first.read());
  for (std::size_t i = 0; i < before.variables().size(); ++i) {
    EXPECT_EQ(after.variables()[i].name(), before.variables()[i].name());
    after.variables()[i].assign(before.variables()[i].read());
  }
  train(after, second, 4);
  EXPECT_EQ(values(second), values(whole));
  EXPECT_EQ(after.variables()[2].name(), "weight.m");
}

TEST(Optimizer, RefusesWrongCalls) {
  const Variable w = weight(1.0, 1.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  expect_error(ErrorKind::argument, "inside a compiled function", [&] {
    sgd.update({{w}}, std::vector<Array>{ones({2, 1}, DType::f64)});
  });
  const auto refused = [&](std::vector<Array> g) {
    auto step = compile([&] { sgd.update({{w}}, g); });
    step();
  };
  expect_error(ErrorKind::argument, "0 gradients do not match 1 parameters", [&] { refused({}); });
  expect_error(ErrorKind::shape, "the gradient of weight is f64[2], expected f64[2, 1]",
               [&] { refused({ones({2}, DType::f64)}); });
  expect_error(ErrorKind::dtype, "f32", [&] { refused({ones({2, 1})}); });
}

TEST(Optimizer, RefusesWrongOptions) {
  expect_error(ErrorKind::argument, "learning rate is -1", [] { optim::Sgd({.learning_rate = -1}); });
  expect_error(ErrorKind::argument, "momentum is 1", [] { optim::Sgd({.momentum = 1}); });
  expect_error(ErrorKind::argument, "beta2 is 1", [] { optim::Adam({.beta2 = 1}); });
  expect_error(ErrorKind::argument, "learning rate is nan",
               [] { optim::Adam().set_learning_rate(std::nan("")); });
}

TEST(MakeOptimizer, KnowsItsNamesAndDefaults) {
  for (const std::string_view name : optim::optimizer_names())
    EXPECT_TRUE(optim::make_optimizer(name)) << name;
  EXPECT_EQ(optim::make_optimizer("adamw")->effective_learning_rate(), 1e-3);
  EXPECT_EQ(optim::make_optimizer("sgd", {.learning_rate = 3})->effective_learning_rate(), 3.0);
  expect_error(ErrorKind::argument, "did you mean \"adam\"?", [] { optim::make_optimizer("adm"); });
  expect_error(ErrorKind::argument, "adam has no momentum",
               [] { optim::make_optimizer("adam", {.momentum = 0.9}); });
}

// 0.5 |Ax|^2 with eigenvalues 2 and 6: every optimizer finds the minimum at 0.
TEST(Optimizers, FindTheMinimumOfAQuadratic) {
  const optim::OptimizerOptions options[] = {{.learning_rate = 0.1},
                                             {.learning_rate = 0.05, .momentum = 0.8}};
  for (const auto& sgd_options : options) {
    const Variable w = weight(1.0, -2.0);
    train(*optim::make_optimizer("sgd", sgd_options), w, 200);
    expect_near(values(w), {0.0, 0.0}, 1e-6);
  }
  const Variable w = weight(1.0, -2.0);
  optim::Adam adam({.learning_rate = 0.05, .schedule = optim::Schedule::cosine(1000)});
  train(adam, w, 1000);
  expect_near(values(w), {0.0, 0.0}, 1e-3);
}

}  // namespace
