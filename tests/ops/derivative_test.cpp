// Derivatives of every op against central differences in float64: its vjp, the vjp of that, its jvp.
#include <gtest/gtest.h>
#include <retrograd/gradients.h>

#include <cmath>
#include <functional>

#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using Function = std::function<std::vector<Array>(std::span<const Array>)>;
using Numbers = std::vector<std::vector<double>>;  // of each array, row-major

// The differences are taken with h = eps^(1/3): the truncation error h^2 f''' / 6 and the rounding error
// eps f / h are then both near 1e-10 for values and derivatives up to 10, below these.
const double step = std::cbrt(2.2e-16);
constexpr double relative = 1e-6;
constexpr double absolute = 1e-8;

Numbers numbers_of(const std::vector<Array>& arrays) { return values(arrays, true); }

double inner(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    for (std::size_t i = 0; i < a[k].size(); ++i) sum += a[k][i] * b[k][i];
  }
  return sum;
}

// `point` with `move` times h added.
std::vector<Array> moved(std::span<const Array> point, const Numbers& at, const Numbers& move, double h) {
  std::vector<Array> result;
  for (std::size_t k = 0; k < point.size(); ++k) {
    if (!is_floating(point[k].dtype())) {
      result.push_back(point[k]);
      continue;
    }
    std::vector<double> shifted = at[k];
    for (std::size_t i = 0; i < shifted.size(); ++i) shifted[i] += h * move[k][i];
    result.push_back(array_of(shifted, point[k].type()));
  }
  return result;
}

std::vector<Array> directions(std::span<const Array> like, unsigned seed) {
  std::mt19937 generator(seed);
  std::vector<Array> result;
  for (const Array& array : like) result.push_back(draw_direction(array.type(), generator));
  return result;
}

Numbers zeros_of(const Numbers& like) {
  Numbers result = like;
  for (auto& array : result) std::fill(array.begin(), array.end(), 0.0);
  return result;
}

// d <cotangents, f(x)> / dx[k][i] by a central difference.
double difference(const Function& f, std::span<const Array> x, const Numbers& at, const Numbers& cotangents,
                  std::size_t k, std::size_t i) {
  Numbers move = zeros_of(at);
  move[k][i] = 1.0;
  const double h = step * std::max(1.0, std::abs(at[k][i]));
  const double above = inner(numbers_of(f(moved(x, at, move, h))), cotangents);
  const double below = inner(numbers_of(f(moved(x, at, move, -h))), cotangents);
  return (above - below) / (2.0 * h);
}

void expect_vjp(const Function& f, const std::vector<Array>& x, unsigned seed) {
  const std::vector<Array> y = f(x);
  const std::vector<Array> cotangents = directions(y, seed);
  const std::vector<Array> targets = floating_of(x);
  const Numbers found = numbers_of(vjp(y, targets, cotangents, {.allow_unused = true}));
  const Numbers at = numbers_of(x);
  const Numbers weights = numbers_of(cotangents);
  std::size_t target = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!is_floating(x[k].dtype())) continue;
    for (std::size_t i = 0; i < at[k].size(); ++i) {
      const double expected = difference(f, x, at, weights, k, i);
      EXPECT_NEAR(found[target][i], expected, absolute + relative * std::abs(expected))
          << "input " << k << " element " << i;
    }
    ++target;
  }
}

void expect_jvp(const Function& f, const std::vector<Array>& x, unsigned seed) {
  const std::vector<Array> targets = floating_of(x);
  const std::vector<Array> tangents = directions(targets, seed);
  const Numbers found = numbers_of(jvp(f(x), targets, tangents, {.allow_unused = true}));
  const Numbers at = numbers_of(x);
  const Numbers along = numbers_of(tangents);
  Numbers move = zeros_of(at);
  std::size_t target = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (is_floating(x[k].dtype())) move[k] = along[target++];
  }
  const Numbers above = numbers_of(f(moved(x, at, move, step)));
  const Numbers below = numbers_of(f(moved(x, at, move, -step)));
  for (std::size_t k = 0; k < found.size(); ++k) {
    for (std::size_t i = 0; i < found[k].size(); ++i) {
      const double expected = (above[k][i] - below[k][i]) / (2.0 * step);
      EXPECT_NEAR(found[k][i], expected, absolute + relative * std::abs(expected))
          << "output " << k << " element " << i;
    }
  }
}

// The op of the sample, restricted to its floating outputs.
Function function_of(const Case& c) {
  return [c](std::span<const Array> x) {
    return floating_of(apply(*c.op, std::vector<Array>(x.begin(), x.end()), c.sample().attributes));
  };
}

class Derivatives : public ::testing::TestWithParam<Case> {};

TEST_P(Derivatives, TheVjpIsTheCentralDifference) {
  const std::vector<Array> x = draw(GetParam(), DType::f64);
  expect_vjp(function_of(GetParam()), x, 3);
}

// g(x, c) = vjp of the op at x of c, differentiated in x and in c.
TEST_P(Derivatives, TheVjpOfTheVjpIsTheCentralDifference) {
  std::vector<Array> x = draw(GetParam(), DType::f64);
  const Function f = function_of(GetParam());
  const std::size_t count = x.size();
  const Function g = [f, count](std::span<const Array> point) {
    const std::span<const Array> at = point.first(count);
    return vjp(f(at), floating_of(at), point.subspan(count), {.allow_unused = true});
  };
  for (const Array& cotangent : directions(f(x), 5)) x.push_back(cotangent);
  expect_vjp(g, x, 7);
}

TEST_P(Derivatives, TheJvpIsTheCentralDifference) {
  const std::vector<Array> x = draw(GetParam(), DType::f64);
  expect_jvp(function_of(GetParam()), x, 11);
}

INSTANTIATE_TEST_SUITE_P(Ops, Derivatives, ::testing::ValuesIn(cases_where(is_differentiable)),
                         [](const auto& tested) { return name_of(tested.param); });

TEST(Derivatives, AreTestedForEveryOpThatHasThem) {
  for (const OpDef* op : ops::op_table()) {
    const std::vector<Sample> samples = op->samples();
    if (op->vjp.is_none() || samples[0].shapes.empty()) continue;
    bool is_tested = false;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      is_tested = is_tested || is_differentiable({op, i, samples[i]});
    }
    EXPECT_TRUE(is_tested) << op->name;
  }
}

// The differences would find a wrong factor: the vjp of 2x against the values of x^2.
TEST(Derivatives, TheDifferenceSeesAWrongGradient) {
  const Array x = array_of({0.5, 1.5}, {DType::f64, Shape{2}});
  const Numbers at = numbers_of({x});
  const Function f = [](std::span<const Array> p) { return std::vector<Array>{square(p[0])}; };
  const std::vector<Array> point{x};
  const double found = difference(f, point, at, {{1.0, 1.0}}, 0, 0);
  EXPECT_NEAR(found, 1.0, 1e-8);
  EXPECT_GT(std::abs(found - 2.0), 0.5);
}

}  // namespace
}  // namespace retrograd::testing
