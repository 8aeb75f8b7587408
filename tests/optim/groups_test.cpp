// Groups of parameters with a learning rate and a weight decay of their own.
#include <retrograd/compile.h>
#include <retrograd/optim.h>

#include "optim/optim_test.h"

namespace {

using namespace retrograd;
using namespace optim_test;

constexpr double tolerance = 1e-14;  // a few operations on numbers near 1

TEST(ParameterGroup, MultipliesTheLearningRate) {
  const Variable w = weight(1.0, 1.0);
  const Variable b = bias(1.0, 1.0);
  const std::vector<Variable> both = {w, b};
  optim::Sgd sgd({.learning_rate = 0.1});
  sgd.set_group({{b}}, {.learning_rate_multiplier = 3.0});
  auto step = compile([&] { sgd.update(both, std::vector<Array>{ones_like(w), ones_like(b)}); });
  step();
  expect_near(values(w), {0.9, 0.9}, tolerance);
  expect_near(values(b), {0.7, 0.7}, tolerance);
  sgd.set_learning_rate(0.2);  // all groups follow
  step();
  expect_near(values(w), {0.7, 0.7}, tolerance);
  expect_near(values(b), {0.1, 0.1}, tolerance);
  EXPECT_EQ(step.plans(), 1u);
}

TEST(ParameterGroup, HasAWeightDecayOfItsOwnForBiasesToo) {
  const Variable w = weight(1.0, 1.0);
  const Variable b = bias(1.0, 1.0);
  const std::vector<Variable> both = {w, b};
  for (const std::string_view name : {"sgd", "adamw", "nadam", "lion"}) {
    SCOPED_TRACE(name);
    w.assign(Array::from(Doubles{1.0, 1.0}, {2, 1}));
    b.assign(Array::from(Doubles{1.0, 1.0}, {2}));
    const auto optimizer = optim::make_optimizer(name, {.learning_rate = 0.5, .weight_decay = 0.1});
    optimizer->set_group({{w}}, {.weight_decay = 0.0});
    optimizer->set_group({{b}}, {.weight_decay = 0.2});
    auto step = compile([&] { optimizer->update(both, std::vector<Array>{zeros_like(w), zeros_like(b)}); });
    step();
    expect_near(values(w), {1.0, 1.0}, tolerance);
    expect_near(values(b), {0.9, 0.9}, tolerance);
  }
}

TEST(ParameterGroup, OfALaterCallReplacesTheEarlier) {
  const Variable w = weight(1.0, 1.0);
  optim::Sgd sgd({.learning_rate = 0.1, .weight_decay = 0.5});
  sgd.set_group({{w}}, {.learning_rate_multiplier = 3.0, .weight_decay = 9.0});
  sgd.set_group({{w}}, {.learning_rate_multiplier = 2.0});
  auto step = compile([&] { sgd.update({{w}}, std::vector<Array>{ones_like(w)}); });
  step();
  expect_near(values(w), {0.7, 0.7}, tolerance);  // 1 - 0.2 (1 + 0.5)
  expect_error(ErrorKind::argument, "multiplier is -1",
               [&] { sgd.set_group({{w}}, {.learning_rate_multiplier = -1.0}); });
}

TEST(Clipping, LimitsValuesThenTheNormOfWhatIsTrained) {
  const Variable w = weight(0.0, 0.0);
  Variable frozen = bias(0.0, 0.0);
  frozen.set_trainable(false);
  const std::vector<Variable> both = {w, frozen};
  optim::Sgd sgd({.learning_rate = 1.0});
  sgd.set_clipping({.value = 4.0, .norm = 2.5});
  auto step = compile([&] {
    sgd.update(both, std::vector<Array>{Array::from(Doubles{3.0, -9.0}, {2, 1}), 100.0 * ones_like(frozen)});
  });
  step();
  expect_near(values(w), {-1.5, 2.0}, tolerance);  // (3, -4) has the norm 5
  EXPECT_EQ(values(frozen), (Doubles{0.0, 0.0}));
  expect_error(ErrorKind::argument, "the largest norm of gradients is -1",
               [&] { sgd.set_clipping({.norm = -1.0}); });
}

TEST(MakeOptimizer, TellsOptionsThatAnOptimizerDoesNotHave) {
  expect_error(ErrorKind::argument, "sgd has no betas", [] { optim::make_optimizer("sgd", {.beta1 = 0.5}); });
  expect_error(ErrorKind::argument, "lion has no epsilon",
               [] { optim::make_optimizer("lion", {.epsilon = 1.0}); });
  expect_error(ErrorKind::argument, "adam has no rho", [] { optim::make_optimizer("adam", {.rho = 0.5}); });
  expect_error(ErrorKind::argument, "beta2 is 1", [] { optim::make_optimizer("adam", {.beta2 = 1.0}); });
  EXPECT_NO_THROW(optim::make_optimizer("rmsprop", {.epsilon = 1e-3, .rho = 0.5}));
}

}  // namespace
