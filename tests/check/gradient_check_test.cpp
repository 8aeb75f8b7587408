// check_gradients: right gradients pass, wrong ones are found and named, kinks are not errors, variables
// stay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/gradient_check.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include <cmath>
#include <vector>

namespace {

using namespace retrograd;
using testing::ElementsAre;

Variable variable(std::vector<double> values, const Shape& shape, const char* name = "w") {
  return Variable(Array::from(std::span<const double>(values), shape), name);
}

template <typename F>
void expect_error(ErrorKind kind, const char* part, F&& call) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one with: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(CheckGradients, PassesWhereTheGradientIsTheSlope) {
  const std::vector<Variable> variables{variable({.5, -1, 2, .25, .75, -.5}, {2, 3}, "a"),
                                        variable({3, -40}, {2}, "b")};
  const GradientCheck check = check_gradients(
      [&] {
        const Array y = tanh(matmul(reshape(variables[1], Shape{1, 2}) * 0.05, variables[0]));
        return sum(square(y) * exp(y));
      },
      variables);
  EXPECT_TRUE(check.passed);
  EXPECT_EQ(check.checked, 8);
  EXPECT_EQ(check.kinks, 0);
  EXPECT_LE(check.max_relative_error, 1e-6);
  EXPECT_EQ(check.tolerance, 1e-6);
  EXPECT_FALSE(check.worst.variable.empty());
}

// Variables in braces are no inputs: a function without inputs would pass whatever its gradient is.
TEST(CheckGradients, TakesVariablesInBraces) {
  const Variable w = variable({.5, -1}, {2});
  const GradientCheck right = check_gradients([&] { return sum(exp(w)); }, {w});
  EXPECT_TRUE(right.passed);
  EXPECT_NE(right.worst.analytic, 0);
  const GradientCheck wrong = check_gradients([&] { return sum(exp(w) * stop_gradient(w)); }, {w});
  EXPECT_FALSE(wrong.passed);
}

// A factor that gradients() takes for a constant makes 2 w^2 of the slope 3 w^2.
TEST(CheckGradients, NamesTheWorstElementOfAWrongGradient) {
  const std::vector<Variable> variables{variable({1, 1}, {2}, "right"),
                                        variable({.5, .5, .5, 3}, {2, 2}, "wrong")};
  const GradientCheck check = check_gradients(
      [&] {
        const Array w = variables[1];
        const Array factor = where(greater(w, 1.0), stop_gradient(w), w);
        return sum(square(w) * factor) + sum(square(variables[0]));
      },
      variables);
  EXPECT_FALSE(check.passed);
  EXPECT_EQ(check.checked, 6);
  EXPECT_EQ(check.worst.variable, "wrong");
  EXPECT_THAT(check.worst.index, ElementsAre(1, 1));
  EXPECT_DOUBLE_EQ(check.worst.analytic, 18);
  EXPECT_NEAR(check.worst.numeric, 27, 1e-5);  // 1e-6 of the slope: far more than eps^(2/3)
  EXPECT_NEAR(check.max_relative_error, 1.0 / 3.0, 1e-5);
}

TEST(CheckGradients, AnUnusedVariableHasGradientZero) {
  const std::vector<Variable> variables{variable({1}, {1}, "used"), variable({1}, {1}, "unused")};
  EXPECT_TRUE(check_gradients([&] { return sum(square(variables[0])); }, variables).passed);
}

TEST(CheckGradients, LeavesTheValuesAsTheyWere) {
  const std::vector<Variable> variables{variable({.1, .2, .3}, {3})};
  check_gradients([&] { return sum(exp(variables[0])); }, variables);
  EXPECT_THAT(variables[0].read().to_vector<double>(), ElementsAre(.1, .2, .3));
}

TEST(CheckGradients, SamplesBySeed) {
  const std::vector<Variable> variables{variable(std::vector<double>(100, 0.5), {10, 10})};
  const auto cubes = [&] {
    return sum(square(variables[0]) * stop_gradient(variables[0].read()));  // wrong everywhere alike
  };
  const auto index = [&](std::uint64_t seed) {
    const GradientCheck check = check_gradients(cubes, variables, {.max_elements = 3, .seed = seed});
    EXPECT_EQ(check.checked, 3);
    return check.worst.index;
  };
  EXPECT_EQ(index(1), index(1));
  EXPECT_TRUE(index(1) != index(2) || index(1) != index(3));
}

// The step is 6e-6; at 1e-7 only the smallest one, 9e-8, stays on one side of the kink.
TEST(CheckGradients, AKinkNearbyIsNoError) {
  const std::vector<Variable> variables{variable({1e-7, -1e-7, 4e-6, 1}, {4})};
  const GradientCheck check = check_gradients([&] { return sum(relu(variables[0])); }, variables);
  EXPECT_TRUE(check.passed) << check.worst.analytic << " " << check.worst.numeric;
  EXPECT_EQ(check.checked, 4);
  EXPECT_EQ(check.kinks, 0);
}

TEST(CheckGradients, AKinkAtTheElementIsCountedApart) {
  const std::vector<Variable> variables{variable({0, 1}, {2})};
  const GradientCheck check = check_gradients([&] { return sum(relu(variables[0])); }, variables);
  EXPECT_TRUE(check.passed);
  EXPECT_EQ(check.checked, 1);
  EXPECT_EQ(check.kinks, 1);
}

// The slopes at the kink are 0 and 1; a gradient of 3 is none of a convention.
TEST(CheckGradients, AWrongGradientAtAKinkIsFound) {
  const std::vector<Variable> variables{variable({0}, {1})};
  const GradientCheck check = check_gradients(
      [&] {
        const Array w = variables[0];
        return sum(relu(w) + 3.0 * (w - stop_gradient(w)));  // the value moves by 3 w: its slopes are 0 and 1
      },
      variables);
  EXPECT_FALSE(check.passed);
  EXPECT_EQ(check.kinks, 0);
}

TEST(CheckGradients, ANaNFails) {
  const std::vector<Variable> variables{variable({-1}, {1})};
  const GradientCheck check = check_gradients([&] { return sum(log(variables[0])); }, variables);
  EXPECT_FALSE(check.passed);
  EXPECT_TRUE(std::isinf(check.max_relative_error));
}

TEST(CheckGradients, SinglePrecisionIsCheckedToItsOwnTolerance) {
  const std::vector<Variable> variables{Variable(Array::of({.5f, -1.f, 2.f}), "w")};
  const GradientCheck check = check_gradients([&] { return sum(exp(variables[0])); }, variables);
  EXPECT_TRUE(check.passed);
  EXPECT_EQ(check.tolerance, 1e-2);
}

TEST(CheckGradients, InputsAreCheckedInFloat64) {
  const Array labels = Array::from(std::span<const std::int32_t>(std::vector<std::int32_t>{2, 0}), {2});
  const Array logits =
      Array::from(std::span<const float>(std::vector<float>{.1f, .2f, .3f, 1, 2, 3}), {2, 3});
  const GradientCheck check = check_gradients(
      [](const Array& z, const Array& t) {
        EXPECT_EQ(z.dtype(), DType::f64);
        EXPECT_EQ(t.dtype(), DType::i32);
        return mean(cross_entropy_with_logits(z, t));
      },
      {logits, labels});
  EXPECT_TRUE(check.passed);
  EXPECT_EQ(check.checked, 6);
  EXPECT_EQ(check.worst.variable, "input 1");
}

TEST(CheckGradients, ErrorsSayWhatIsWrong) {
  const std::vector<Variable> none;
  const std::vector<Variable> one{variable({1, 2}, {2})};
  expect_error(ErrorKind::argument, "no variable",
               [&] { check_gradients([] { return scalar(1.0); }, none); });
  expect_error(ErrorKind::shape, "scalar", [&] { check_gradients([&] { return square(one[0]); }, one); });
  expect_error(ErrorKind::argument, "below 0",
               [&] { check_gradients([&] { return sum(one[0]); }, one, {.tolerance = -1}); });
}

// f(w) = w^3 has the third derivative 6: truncation h^2 and rounding are some 1e-10.
TEST(CompareGradients, MeasuresTheElementsThatAreAsked) {
  const Variable w = variable({1, 2, -3}, {3});
  const std::vector<std::int64_t> elements{2, 0};
  const std::vector<double> gradients{27, 4};
  const auto cubes = [&] { return sum(square(w) * w.read()); };
  const std::vector<GradientComparison> found = compare_gradients(cubes, w, elements, gradients);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NEAR(found[0].numeric, 27, 1e-8);
  EXPECT_LE(found[0].relative_error, 1e-6);
  EXPECT_NEAR(found[1].numeric, 3, 1e-8);
  EXPECT_NEAR(found[1].relative_error, 0.25, 1e-8);
  EXPECT_THAT(w.read().to_vector<double>(), ElementsAre(1, 2, -3));
  const std::vector<std::int64_t> outside{3, 0};
  expect_error(ErrorKind::argument, "out of range", [&] { compare_gradients(cubes, w, outside, gradients); });
  expect_error(ErrorKind::argument, "gradients",
               [&] { compare_gradients(cubes, w, elements, std::vector<double>{1}); });
}

}  // namespace
