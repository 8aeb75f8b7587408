// Optimizers beside their published recurrences in plain doubles, and what all of them must do.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/optim.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "optim/optim_test.h"

namespace {

using namespace retrograd;
using namespace optim_test;

// E = w_0^2 + 3 w_1^2; its gradient is {2 w_0, 6 w_1}.
const double curvature[] = {2.0, 6.0};

void train(optim::Optimizer& optimizer, const Variable& w, int steps) {
  auto step = compile([&] {
    const Array error = sum(square(w) * cast(Array::from(Doubles{1.0, 3.0}, w.shape()), w.dtype()));
    optimizer.update({{w}}, gradients(error, {w}));
  });
  for (int i = 0; i < steps; ++i) step();
}

// What a recurrence knows of one element: its value, gradient and two states.
struct Element {
  double w = 0.0;
  double g = 0.0;
  double a = 0.0;
  double b = 0.0;
};

// A few dozen operations in f64 on numbers near 1, divided by roots of numbers near 1e-2 at the least.
constexpr double tolerance = 1e-12;

// The weights after each number of steps up to 5 are those of the recurrence `next(element, t)`.
template <typename Next>
void expect_recurrence(optim::Optimizer& optimizer, Next next, Element start = {}) {
  const Variable w = weight(1.0, -2.0);
  Element elements[] = {start, start};
  elements[0].w = 1.0;
  elements[1].w = -2.0;
  for (int t = 1; t <= 5; ++t) {
    train(optimizer, w, 1);
    for (std::size_t k = 0; k < 2; ++k) {
      elements[k].g = curvature[k] * elements[k].w;
      next(elements[k], t);
    }
    SCOPED_TRACE(t);
    expect_near(values(w), {elements[0].w, elements[1].w}, tolerance);
  }
}

TEST(Nadam, FollowsDozat) {
  optim::Nadam nadam(
      {.learning_rate = 0.1, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.2});
  expect_recurrence(nadam, [](Element& e, int t) {
    e.a = 0.8 * e.a + 0.2 * e.g;
    e.b = 0.99 * e.b + 0.01 * e.g * e.g;
    const double m = 0.8 * e.a / (1 - std::pow(0.8, t + 1)) + 0.2 * e.g / (1 - std::pow(0.8, t));
    e.w -= 0.1 * (m / (std::sqrt(e.b / (1 - std::pow(0.99, t))) + 1e-3) + 0.2 * e.w);
  });
}

TEST(RmsProp, FollowsTielemanAndHinton) {
  optim::RmsProp plain({.learning_rate = 0.05, .alpha = 0.9, .epsilon = 1e-3, .weight_decay = 0.1});
  expect_recurrence(plain, [](Element& e, int) {
    const double g = e.g + 0.1 * e.w;
    e.a = 0.9 * e.a + 0.1 * g * g;
    e.w -= 0.05 * g / (std::sqrt(e.a) + 1e-3);
  });
  optim::RmsProp momentum({.learning_rate = 0.05, .alpha = 0.9, .epsilon = 1e-3, .momentum = 0.7});
  expect_recurrence(momentum, [](Element& e, int) {
    e.a = 0.9 * e.a + 0.1 * e.g * e.g;
    e.b = 0.7 * e.b + e.g / (std::sqrt(e.a) + 1e-3);
    e.w -= 0.05 * e.b;
  });
}

TEST(Adagrad, FollowsDuchiHazanAndSinger) {
  optim::Adagrad adagrad({.learning_rate = 0.5, .epsilon = 1e-3, .weight_decay = 0.1});
  expect_recurrence(adagrad, [](Element& e, int) {
    const double g = e.g + 0.1 * e.w;
    e.a += g * g;
    e.w -= 0.5 * g / (std::sqrt(e.a) + 1e-3);
  });
}

TEST(Adadelta, FollowsAlgorithmOneOfZeiler) {
  optim::Adadelta adadelta({.learning_rate = 0.9, .rho = 0.8, .epsilon = 1e-2, .weight_decay = 0.1});
  expect_recurrence(adadelta, [](Element& e, int) {
    const double g = e.g + 0.1 * e.w;
    e.a = 0.8 * e.a + 0.2 * g * g;
    const double change = std::sqrt(e.b + 1e-2) / std::sqrt(e.a + 1e-2) * g;
    e.b = 0.8 * e.b + 0.2 * change * change;
    e.w -= 0.9 * change;
  });
}

TEST(Lion, FollowsChenEtAl) {
  optim::Lion lion({.learning_rate = 0.3, .beta1 = 0.6, .beta2 = 0.8, .weight_decay = 0.1});
  expect_recurrence(lion, [](Element& e, int) {
    const double c = 0.6 * e.a + 0.4 * e.g;
    e.w -= 0.3 * ((c > 0) - (c < 0) + 0.1 * e.w);
    e.a = 0.8 * e.a + 0.2 * e.g;
  });
}

// a is the gradient before, b the step size.
TEST(Rprop, FollowsIgelAndHuesken) {
  optim::Rprop rprop({.learning_rate = 0.6, .shrink = 0.4, .grow = 1.5, .smallest = 0.3, .largest = 2.0});
  expect_recurrence(rprop,
                    [](Element& e, int) {
                      if (e.g * e.a > 0) {
                        e.b = std::min(e.b * 1.5, 2.0 * 0.6);
                      } else if (e.g * e.a < 0) {
                        e.b = std::max(e.b * 0.4, 0.3 * 0.6);
                        e.g = 0;
                      }
                      e.w -= ((e.g > 0) - (e.g < 0)) * e.b;
                      e.a = e.g;
                    },
                    {.b = 0.6});
}

// The product of two such gradients is 0 in f32.
TEST(Rprop, SeesTheSignsOfTinyGradients) {
  const Variable w(Array::from(std::vector<float>{1.0f, -1.0f}, {2, 1}), "w");
  optim::Rprop rprop({.learning_rate = 0.1, .grow = 2.0});
  auto step = compile([&] { rprop.update({{w}}, gradients(sum(w * 1e-30), {w})); });
  step();
  step();
  EXPECT_NEAR(values(w)[0], 1.0 - 0.1 - 0.2, 1e-6);
}

// The rate is halved after two steps: what was started before goes on at its old size.
TEST(Rumelhart, KeepsTheChangesOfWeights) {
  const auto schedule = optim::Schedule::step(2, 0.5);
  optim::Rumelhart rumelhart(
      {.learning_rate = 0.05, .momentum = 0.8, .weight_decay = 0.1, .schedule = schedule});
  expect_recurrence(rumelhart, [](Element& e, int t) {
    const double rate = 0.05 * std::pow(0.5, (t - 1) / 2);
    e.a = -rate * (e.g + 0.1 * e.w) + 0.8 * e.a;
    e.w += e.a;
  });
}

TEST(Rumelhart, IsSgdsMomentumAtAConstantRate) {
  const Variable w = weight(1.0, -2.0), other = weight(1.0, -2.0);
  optim::Rumelhart rumelhart({.learning_rate = 0.05, .momentum = 0.8});
  optim::Sgd sgd({.learning_rate = 0.05, .momentum = 0.8});
  train(rumelhart, w, 7);
  train(sgd, other, 7);
  expect_near(values(w), values(other), tolerance);
}

class EveryOptimizer : public testing::TestWithParam<std::string_view> {};

TEST_P(EveryOptimizer, NamesItsStateByItsParameter) {
  const Variable w = weight(1.0, -2.0);
  const auto optimizer = optim::make_optimizer(GetParam());
  optimizer->prepare({{w}});
  const std::vector<Variable> variables = optimizer->variables();
  EXPECT_EQ(variables[0].name(), "step");
  EXPECT_EQ(variables[1].name(), "learning_rate");
  for (std::size_t i = 2; i < variables.size(); ++i) {
    EXPECT_THAT(variables[i].name(), testing::StartsWith("weight."));
    EXPECT_EQ(variables[i].type(), w.type());
  }
}

// What a checkpoint does: all variables of one training put into another; the bits are the same.
TEST_P(EveryOptimizer, ContinuesFromItsVariables) {
  const Variable whole = weight(1.0, -2.0);
  const auto uninterrupted = optim::make_optimizer(GetParam());
  train(*uninterrupted, whole, 6);

  const Variable first = weight(1.0, -2.0), second = weight(0.0, 0.0);
  const auto before = optim::make_optimizer(GetParam());
  train(*before, first, 3);
  const auto after = optim::make_optimizer(GetParam());
  after->prepare({{second}});
  second.assign(first.read());
  for (std::size_t i = 0; i < before->variables().size(); ++i) {
    after->variables()[i].assign(before->variables()[i].read());
  }
  train(*after, second, 3);
  EXPECT_EQ(values(second), values(whole));
}

// 2000 steps at rates that suit each: the minimum is at 0. Lion and sgd's relatives end with a falling rate.
TEST_P(EveryOptimizer, FindsTheMinimumOfAQuadratic) {
  const Variable w(Array::from(std::vector<float>{1.0f, -2.0f}, {2, 1}), "w");
  const double rate = GetParam() == "adadelta" ? 10.0 : GetParam() == "adagrad" ? 0.5 : 0.02;
  const auto optimizer = optim::make_optimizer(
      GetParam(), {.learning_rate = rate, .weight_decay = 0.0, .schedule = optim::Schedule::cosine(2000)});
  train(*optimizer, w, 2000);
  expect_near(values(w), {0.0, 0.0}, 1e-2);
}

TEST_P(EveryOptimizer, HasFiniteStepsAtGradientsOfZero) {
  const Variable w(Array::from(std::vector<float>{1.0f, -2.0f}, {2, 1}), "w");
  const auto optimizer = optim::make_optimizer(GetParam(), {.weight_decay = 0.0});
  auto step = compile([&] { optimizer->update({{w}}, std::vector<Array>{zeros({2, 1})}); });
  step();
  step();
  EXPECT_EQ(values(w), (Doubles{1.0, -2.0}));
}

INSTANTIATE_TEST_SUITE_P(Names, EveryOptimizer, testing::ValuesIn(optim::optimizer_names()),
                         [](const auto& name) { return std::string(name.param); });

TEST(NewOptimizers, RefuseWrongOptions) {
  expect_error(ErrorKind::argument, "alpha is 1", [] { optim::RmsProp({.alpha = 1.0}); });
  expect_error(ErrorKind::argument, "rho is -1", [] { optim::Adadelta({.rho = -1.0}); });
  expect_error(ErrorKind::argument, "beta2 is 1", [] { optim::Lion({.beta2 = 1.0}); });
  expect_error(ErrorKind::argument, "beta1 is 1", [] { optim::Nadam({.beta1 = 1.0}); });
  expect_error(ErrorKind::argument, "epsilon is -1", [] { optim::Adagrad({.epsilon = -1.0}); });
  expect_error(ErrorKind::argument, "shrinks by 2", [] { optim::Rprop({.shrink = 2.0}); });
  expect_error(ErrorKind::argument, "step sizes are 2 to 5000", [] { optim::Rprop({.smallest = 2.0}); });
  expect_error(ErrorKind::argument, "momentum is 1", [] { optim::Rumelhart({.momentum = 1.0}); });
}

TEST(MakeOptimizer, PassesOnOnlyWhatTheOptimizerHas) {
  EXPECT_EQ(optim::make_optimizer("lion")->effective_learning_rate(), 1e-4);
  EXPECT_EQ(optim::make_optimizer("adadelta")->effective_learning_rate(), 1.0);
  EXPECT_TRUE(optim::make_optimizer("rmsprop", {.momentum = 0.9}));
  EXPECT_TRUE(optim::make_optimizer("rumelhart", {.momentum = 0.5}));
  EXPECT_TRUE(optim::make_optimizer("rprop", {.weight_decay = 0.0}));
  expect_error(ErrorKind::argument, "rprop has no weight decay",
               [] { optim::make_optimizer("rprop", {.weight_decay = 0.1}); });
  expect_error(ErrorKind::argument, "lion has no momentum",
               [] { optim::make_optimizer("lion", {.momentum = 0.9}); });
  expect_error(ErrorKind::argument, "rmsprop has no nesterov",
               [] { optim::make_optimizer("rmsprop", {.nesterov = true}); });
  expect_error(ErrorKind::argument, "did you mean \"rmsprop\"?", [] { optim::make_optimizer("rmspropp"); });
}

}  // namespace
