// L-BFGS and Levenberg-Marquardt on functions whose minimum is known, and on networks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/minimise.h>
#include <retrograd/retrograd.h>

#include <cmath>

#include "train/parts.h"

namespace {

namespace rg = retrograd;
namespace rt = retrograd::train;
using Doubles = std::vector<double>;

// sum 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2, least at ones. Rosenbrock 1960; More, Garbow and Hillstrom 1981.
class Rosenbrock : public rt::Objective {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double value = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
      value += 100 * a * a + b * b;
      gradient[i] += -400 * a * x[i] - 2 * b;
      gradient[i + 1] += 200 * a;
    }
    return value;
  }
};

// 1/2 sum i x_i^2 - sum x_i, least at x_i = 1 / i.
class Quadratic : public rt::Objective {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    double value = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double h = static_cast<double>(i + 1);
      value += h * x[i] * x[i] / 2 - x[i];
      gradient[i] = h * x[i] - 1;
    }
    return value;
  }
};

// -log(x) + x, least at 1, not defined for x <= 0.
class Barrier : public rt::Objective {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    gradient[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);
  }
};

// Rosenbrock's function of two numbers as squares: r = sqrt(2) (10 (y - x^2), 1 - x).
class RosenbrockSquares : public rt::SumOfSquares {
 public:
  double evaluate(std::span<const double> x) override {
    const double a = 10 * (x[1] - x[0] * x[0]), b = 1 - x[0];
    return a * a + b * b;
  }
  double normal_equations(std::span<const double> x, std::span<double> jtj, std::span<double> jtr) override {
    const double j[2][2] = {{-20 * x[0], 10}, {-1, 0}};
    const double r[2] = {10 * (x[1] - x[0] * x[0]), 1 - x[0]};
    for (int i = 0; i < 2; ++i) {
      for (std::size_t k = 0; k < 2; ++k) {
        jtr[k] += 2 * j[i][k] * r[i];
        for (std::size_t l = 0; l <= k; ++l) jtj[k * 2 + l] += 2 * j[i][k] * j[i][l];
      }
    }
    return evaluate(x);
  }
};

void expect_near(const Doubles& actual, const Doubles& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], tolerance) << i;
}

// At a gradient below 1e-8 and a least curvature near 0.4 (More et al.) x is within 1e-7.
TEST(Lbfgs, FindsTheMinimumOfRosenbrock) {
  for (const std::size_t n : {2u, 10u, 50u}) {
    Rosenbrock rosenbrock;
    Doubles start(n, 1.0);
    for (std::size_t i = 0; i < n; i += 2) start[i] = -1.2;
    rt::Lbfgs lbfgs(rosenbrock, start);
    const rt::Minimum least = rt::minimise(lbfgs);
    EXPECT_TRUE(least.converged);
    EXPECT_LT(least.iterations, 400);
    expect_near(least.x, Doubles(n, 1.0), 1e-7);
    EXPECT_LT(least.value, 1e-14);
  }
}

// With exact line searches and a memory of n it is the method of conjugate directions: n steps.
TEST(Lbfgs, EndsOnAQuadraticOfNNumbersInNSteps) {
  for (const std::size_t n : {1u, 2u, 5u, 8u}) {
    Quadratic quadratic;
    rt::Lbfgs lbfgs(quadratic, Doubles(n, 3.0), {.decrease = 1e-12, .curvature = 1e-9});
    const rt::Minimum least = rt::minimise(lbfgs, {.gradient_tolerance = 1e-6});
    EXPECT_TRUE(least.converged);
    EXPECT_LE(least.iterations, static_cast<std::int64_t>(n));
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(least.x[i], 1.0 / static_cast<double>(i + 1), 1e-6);
  }
}

TEST(Lbfgs, TurnsBackWhereTheFunctionIsNotDefined) {
  Barrier barrier;
  rt::Lbfgs lbfgs(barrier, Doubles{0.001}, {.first_step = 1000.0});
  expect_near(rt::minimise(lbfgs).x, {1.0}, 1e-7);
  rt::Lbfgs from_above(barrier, Doubles{50.0}, {.first_step = 1000.0});
  expect_near(rt::minimise(from_above).x, {1.0}, 1e-7);
}

TEST(Lbfgs, EachStepFulfilsTheWolfeConditions) {
  Rosenbrock rosenbrock;
  rt::Lbfgs lbfgs(rosenbrock, Doubles{-1.2, 1.0});
  for (int i = 0; i < 30; ++i) {
    const Doubles x = lbfgs.x(), g = lbfgs.gradient();
    const double value = lbfgs.value();
    if (!lbfgs.step()) break;
    double before = 0, after = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      before += g[k] * (lbfgs.x()[k] - x[k]);
      after += lbfgs.gradient()[k] * (lbfgs.x()[k] - x[k]);
    }
    // Conditions multiplied by the step's length; equality is met to rounding.
    EXPECT_LE(lbfgs.value(), value + 1e-4 * before + 1e-15);
    EXPECT_LE(std::abs(after), 0.9 * std::abs(before) + 1e-15);
  }
}

TEST(Lbfgs, GoesOnFromItsState) {
  Rosenbrock rosenbrock;
  rt::Lbfgs whole(rosenbrock, Doubles{-1.2, 1.0, 0.5}), second(rosenbrock, Doubles{0.0, 0.0, 0.0});
  for (int i = 0; i < 7; ++i) whole.step();
  second.restore(whole.state());
  for (int i = 0; i < 7; ++i) EXPECT_EQ(whole.step(), second.step());
  EXPECT_EQ(whole.x(), second.x());
  EXPECT_EQ(whole.evaluations(), second.evaluations());
  EXPECT_THROW(second.restore(Doubles(5)), rg::Error);
}

TEST(Lbfgs, RefusesWrongOptions) {
  Rosenbrock rosenbrock;
  EXPECT_THROW(rt::Lbfgs(rosenbrock, Doubles{}), rg::Error);
  EXPECT_THROW(rt::Lbfgs(rosenbrock, Doubles{1, 2}, {.memory = 0}), rg::Error);
  EXPECT_THROW(rt::Lbfgs(rosenbrock, Doubles{1, 2}, {.decrease = 0.5, .curvature = 0.1}), rg::Error);
  Barrier barrier;
  EXPECT_THROW(rt::Lbfgs(barrier, Doubles{-1}), rg::Error);
}

TEST(LevenbergMarquardt, FindsTheMinimumOfRosenbrock) {
  RosenbrockSquares squares;
  rt::LevenbergMarquardt minimiser(squares, Doubles{-1.2, 1.0});
  const rt::Minimum least = rt::minimise(minimiser);
  EXPECT_TRUE(least.converged);
  EXPECT_LT(least.iterations, 40);
  expect_near(least.x, {1.0, 1.0}, 1e-8);
}

// J has rank 1 and the residuals are linear: one step with a small mu is Gauss-Newton's.
TEST(LevenbergMarquardt, OfALinearModelIsDoneInAStepAndGoesOnFromItsState) {
  RosenbrockSquares squares;
  rt::LevenbergMarquardt whole(squares, Doubles{-1.2, 1.0}), second(squares, Doubles{0.0, 0.0});
  for (int i = 0; i < 5; ++i) whole.step();
  second.restore(whole.state());
  EXPECT_EQ(whole.damping(), second.damping());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(whole.step(), second.step());
  EXPECT_EQ(whole.x(), second.x());
  EXPECT_THROW(second.restore(Doubles(5)), rg::Error);
}

TEST(LevenbergMarquardt, RefusesWhatIsTooLarge) {
  RosenbrockSquares squares;
  try {
    rt::LevenbergMarquardt minimiser(squares, Doubles(2), {.most_numbers = 1});
    ADD_FAILURE() << "no error";
  } catch (const rg::Error& error) {
    EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("2 parameters make a matrix of 2 x 2; it takes 1 at most"));
  }
}

// y = sin(2 x) on 40 points.
std::string sine() {
  std::string csv = "x,y\n";
  for (int i = 0; i < 40; ++i) {
    const double x = i / 20.0 - 1;
    csv += std::to_string(x) + "," + std::to_string(std::sin(2 * x)) + "\n";
  }
  return csv;
}

rt::Result fit(const char* optimizer, rt::Options options = {}) {
  options.optimizer = optimizer;
  rt::Trainer trainer(
      rg::nn::build_model("linear(6), tanh, linear(1)", {1}, {.seed = 3, .dtype = rg::DType::f64}),
      train_test::table_parts(sine()), options);
  return trainer.run();
}

TEST(FullBatch, FitsASineInAFewIterations) {
  EXPECT_GT(fit("levenberg-marquardt", {.epochs = 60}).train->r2, 0.99999);
  EXPECT_GT(fit("lbfgs", {.epochs = 200}).train->r2, 0.9999);
}

TEST(FullBatch, EndsWhereNothingGetsBetter) {
  // A linear model on a line: the minimum is exact, and no step improves on it for long.
  std::string csv = "x,y\n0,1\n1,3\n2,5\n3,7\n";
  for (const char* optimizer : {"lbfgs", "levenberg-marquardt"}) {
    rt::Trainer trainer(rg::nn::build_model("linear(1)", {1}), train_test::table_parts(csv),
                        {.optimizer = optimizer, .epochs = 100});
    const rt::Result result = trainer.run();
    EXPECT_LT(result.epochs, 100) << optimizer;
    EXPECT_EQ(result.stopped, rt::Stop::converged) << optimizer;
    EXPECT_GT(result.train->r2, 1 - 1e-9) << optimizer;
  }
}

class StopAfterEpoch : public rt::Observer {
 public:
  bool stop_requested() override { return epochs >= 3; }
  void on_epoch(const rt::EpochRecord&) override { ++epochs; }
  int epochs = 0;
};

TEST(FullBatch, GoesOnFromACheckpointToTheSameBytes) {
  const train_test::Folder folder("minimise");
  for (const char* optimizer : {"lbfgs", "levenberg-marquardt"}) {
    const rt::Options options{.loss = "half_squared_error", .optimizer = optimizer, .epochs = 8, .l2 = 0.1};
    const auto trainer = [&] {
      return rt::Trainer(train_test::network("linear(4), tanh, linear(2)"), train_test::circle_parts(),
                         options);
    };
    rt::Trainer whole = trainer();
    whole.run();
    whole.save_model(folder.file("whole"));
    rt::Trainer first = trainer();
    first.keep_checkpoint(folder.file("checkpoint"));
    StopAfterEpoch observer;
    ASSERT_EQ(first.run(&observer).stopped, rt::Stop::interrupted);
    rt::Trainer second = trainer();
    second.resume(folder.file("checkpoint"));
    second.run();
    second.save_model(folder.file("resumed"));
    EXPECT_TRUE(folder.bytes("whole") == folder.bytes("resumed")) << optimizer;
  }
}

TEST(FullBatch, TellsWhatItCannotDo) {
  const auto train = [](const char* model, rt::Options options) {
    rt::Trainer trainer(train_test::network(model), train_test::circle_parts(), options);
  };
  const struct {
    const char* text;
    const char* model;
    rt::Options options;
  } cases[] = {
      {"squares of errors", "linear(2)", {.optimizer = "levenberg-marquardt"}},
      {"batch_norm", "linear(4), batch_norm, linear(2)", {.optimizer = "lbfgs"}},
      {"l1", "linear(2)", {.optimizer = "lbfgs", .l1 = 1}},
      {"schedule", "linear(2)", {.optimizer = "lbfgs", .schedule = "cosine"}},
      {"it takes 4000 at most",
       "linear(2000), linear(2)",
       {.loss = "half_squared_error", .optimizer = "levenberg-marquardt"}},
  };
  for (const auto& one : cases) {
    try {
      train(one.model, one.options);
      ADD_FAILURE() << "no error: " << one.text;
    } catch (const rg::Error& error) {
      EXPECT_EQ(error.kind(), rg::ErrorKind::argument);
      EXPECT_THAT(error.what(), testing::HasSubstr(one.text));
    }
  }
}

}  // namespace
