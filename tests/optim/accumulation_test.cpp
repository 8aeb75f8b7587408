// Accumulation of gradients, moving averages of weights, plateaus.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/optim.h>

#include <cmath>
#include <limits>

#include "optim/optim_test.h"

namespace {

using namespace retrograd;
using namespace optim_test;

constexpr double tolerance = 1e-13;  // a few operations on numbers near 1

// Three batches of gradients, twice: the same as two steps with the mean of each three.
TEST(Accumulation, IsOneStepWithTheMeanGradient) {
  const Doubles gradients[] = {{1, 2}, {3, -1}, {-1, 5}, {0.5, 0}, {1, 1}, {3, 2}};
  for (const std::string_view name : optim::optimizer_names()) {
    SCOPED_TRACE(name);
    const Variable w = weight(1.0, -2.0), reference = weight(1.0, -2.0);
    const auto optimizer = optim::make_optimizer(name, {.learning_rate = 0.1});
    const auto other = optim::make_optimizer(name, {.learning_rate = 0.1});
    optim::Accumulation accumulation(*optimizer, 3);
    auto step = compile([&](const Array& g) { accumulation.update({{w}}, std::vector<Array>{g}); });
    auto other_step = compile([&](const Array& g) { other->update({{reference}}, std::vector<Array>{g}); });
    for (std::size_t first = 0; first < 6; first += 3) {
      Doubles mean = {0.0, 0.0};
      for (std::size_t i = first; i < first + 3; ++i) {
        const Doubles before = values(w);
        step(Array::from(gradients[i], {2, 1}));
        if (i < first + 2) {
          EXPECT_EQ(values(w), before);
        }
        for (std::size_t k = 0; k < 2; ++k) mean[k] += gradients[i][k] / 3;
      }
      other_step(Array::from(mean, {2, 1}));
      expect_near(values(w), values(reference), tolerance);
    }
    EXPECT_EQ(optimizer->step().read().item<std::int64_t>(), 2);
    EXPECT_EQ(step.plans(), 1u);
  }
}

TEST(Accumulation, GoesOnFromItsVariables) {
  const Variable w = weight(1.0, -2.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  optim::Accumulation accumulation(sgd, 4);
  auto step = compile([&] { accumulation.update({{w}}, std::vector<Array>{ones_like(w)}); });
  step();
  step();
  step();
  ASSERT_EQ(accumulation.variables().size(), 2u);
  EXPECT_EQ(accumulation.variables()[0].read().item<std::int64_t>(), 3);
  EXPECT_EQ(accumulation.variables()[1].name(), "weight.gradient_sum");
  expect_near(values(accumulation.variables()[1]), {3.0, 3.0}, tolerance);

  optim::Accumulation second(sgd, 4);
  second.prepare({{w}});
  for (std::size_t i = 0; i < 2; ++i) second.variables()[i].assign(accumulation.variables()[i].read());
  auto last = compile([&] { second.update({{w}}, std::vector<Array>{ones_like(w)}); });
  last();
  expect_near(values(w), {0.9, -2.1}, tolerance);
  expect_near(values(second.variables()[1]), {0.0, 0.0}, 0.0);
}

TEST(Accumulation, TakesSeveralCallsInOneTraceAndLeavesFrozenParametersAlone) {
  const Variable w = weight(1.0, 1.0);
  Variable b = bias(1.0, 1.0), frozen = bias(1.0, 1.0);
  frozen.set_trainable(false);
  const std::vector<Variable> rest = {b, frozen};
  optim::Sgd sgd({.learning_rate = 0.1});
  optim::Accumulation accumulation(sgd, 2);
  auto step = compile([&] {
    accumulation.update({{w}}, std::vector<Array>{ones_like(w)});
    accumulation.update(rest, std::vector<Array>{ones_like(b), ones_like(b)});
  });
  for (int i = 0; i < 4; ++i) step();
  EXPECT_EQ(sgd.step().read().item<std::int64_t>(), 2);
  expect_near(values(w), {0.8, 0.8}, tolerance);
  expect_near(values(b), {0.8, 0.8}, tolerance);
  EXPECT_EQ(values(frozen), (Doubles{1.0, 1.0}));
}

TEST(Accumulation, RefusesWrongCalls) {
  const Variable w = weight(1.0, 1.0);
  optim::Sgd sgd({.learning_rate = 0.1});
  expect_error(ErrorKind::argument, "over 0 batches", [&] { optim::Accumulation wrong(sgd, 0); });
  optim::Accumulation accumulation(sgd, 2);
  expect_error(ErrorKind::argument, "inside a compiled function", [&] {
    accumulation.update({{w}}, std::vector<Array>{ones({2, 1}, DType::f64)});
  });
  expect_error(ErrorKind::dtype, "the gradient of weight is f32[2, 1]", [&] {
    auto step = compile([&] { accumulation.update({{w}}, std::vector<Array>{ones({2, 1})}); });
    step();
  });
}

TEST(MovingAverage, FollowsTheWeightsAfterTheirUpdate) {
  const Variable w = weight(1.0, -2.0);
  optim::Sgd sgd({.learning_rate = 1.0});
  optim::MovingAverage average(0.75);
  auto step = compile([&] {
    sgd.update({{w}}, std::vector<Array>{-ones_like(w)});
    average.update({{w}});
  });
  Doubles expected = {1.0, -2.0};
  for (int t = 1; t <= 4; ++t) {
    step();
    expected = {0.75 * expected[0] + 0.25 * (1.0 + t), 0.75 * expected[1] + 0.25 * (-2.0 + t)};
  }
  ASSERT_EQ(average.variables().size(), 1u);
  EXPECT_EQ(average.variables()[0].name(), "weight.average");
  expect_near(values(average.variables()[0]), expected, tolerance);
}

// The decay of the t-th update is min(0.5, t / (t + 9)): 0.1, 2 / 11, ... 0.5 from the ninth on.
TEST(MovingAverage, RampsUpItsDecay) {
  const Variable w = weight(1.0, -2.0);
  optim::Sgd sgd({.learning_rate = 1.0});
  optim::MovingAverage average(0.5, true);
  auto step = compile([&] {
    sgd.update({{w}}, std::vector<Array>{-ones_like(w)});
    average.update({{w}});
  });
  double expected = 1.0;
  for (int t = 1; t <= 12; ++t) {
    step();
    const double decay = std::min(0.5, t / (t + 9.0));
    expected = decay * expected + (1 - decay) * (1.0 + t);
  }
  ASSERT_EQ(average.variables().size(), 2u);
  EXPECT_NEAR(values(average.variables()[1])[0], expected, tolerance * 10);  // numbers near 10
}

TEST(MovingAverage, ChangesPlacesWithTheWeights) {
  const Variable w = weight(1.0, -2.0);
  optim::MovingAverage average;
  average.prepare({{w}});
  w.assign(Array::from(Doubles{5.0, 6.0}, {2, 1}));
  average.swap({{w}});
  EXPECT_EQ(values(w), (Doubles{1.0, -2.0}));
  average.swap({{w}});
  EXPECT_EQ(values(w), (Doubles{5.0, 6.0}));
  EXPECT_EQ(values(average.variables()[0]), (Doubles{1.0, -2.0}));
}

TEST(MovingAverage, RefusesWrongCalls) {
  expect_error(ErrorKind::argument, "decay is 1", [] { optim::MovingAverage wrong(1.0); });
  optim::MovingAverage average;
  expect_error(ErrorKind::argument, "weight has no average yet", [&] { average.swap({{weight(1, 1)}}); });
  expect_error(ErrorKind::argument, "inside a compiled function", [&] { average.update({{weight(1, 1)}}); });
}

double rate_of(const optim::Optimizer& optimizer) { return optimizer.effective_learning_rate(); }

TEST(Plateau, LowersTheRateAfterItsPatience) {
  optim::Sgd sgd({.learning_rate = 1.0});
  optim::Plateau plateau(sgd, {.factor = 0.5, .patience = 2, .threshold = 0.1, .smallest = 0.3});
  EXPECT_FALSE(plateau.observe(10.0));
  EXPECT_FALSE(plateau.observe(9.5));  // less than a tenth better
  EXPECT_FALSE(plateau.observe(8.9));  // better: counts anew
  EXPECT_FALSE(plateau.observe(8.9));
  EXPECT_FALSE(plateau.observe(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(rate_of(sgd), 1.0);
  EXPECT_TRUE(plateau.observe(8.9));
  EXPECT_EQ(rate_of(sgd), 0.5);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(plateau.observe(8.9));
  EXPECT_TRUE(plateau.observe(8.9));
  EXPECT_EQ(rate_of(sgd), 0.3);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(plateau.observe(8.9));
  EXPECT_EQ(rate_of(sgd), 0.3);
}

TEST(Plateau, GoesOnFromItsVariableAndTakesLossesBelowZero) {
  optim::Sgd sgd({.learning_rate = 1.0});
  optim::Plateau first(sgd, {.patience = 1});
  first.observe(-10.0);
  first.observe(-9.0);
  optim::Plateau second(sgd, {.patience = 1});
  second.variables()[0].assign(first.variables()[0].read());
  EXPECT_TRUE(second.observe(-10.0));
  EXPECT_NEAR(rate_of(sgd), 0.1, 1e-15);
}

TEST(Plateau, RefusesWrongOptions) {
  optim::Sgd sgd({.learning_rate = 1.0});
  expect_error(ErrorKind::argument, "factor is 1", [&] { optim::Plateau wrong(sgd, {.factor = 1.0}); });
  expect_error(ErrorKind::argument, "patience is -1", [&] { optim::Plateau wrong(sgd, {.patience = -1}); });
}

}  // namespace
