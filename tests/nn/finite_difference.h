// Gradients of a function of f64 arrays beside their central differences.
#pragma once

#include <gtest/gtest.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace nn_test {

using Doubles = std::vector<double>;

// f: Array -> scalar Array, smooth near `values`. The central difference with h = 1e-5 is off by h^2 f''' / 6
// (about 1e-10) and by the rounding of f / h (about 1e-11 for f near 1).
template <typename F>
void expect_gradient(F f, const Doubles& values, const retrograd::Shape& shape) {
  constexpr double h = 1e-5;
  const auto array = [&](const Doubles& v) { return retrograd::Array::from(v, shape); };
  const retrograd::Array x = array(values);
  const Doubles slope = retrograd::gradient(f(x), x).template to_vector<double>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    Doubles up = values, down = values;
    up[i] += h;
    down[i] -= h;
    const double difference =
        (f(array(up)).template item<double>() - f(array(down)).template item<double>()) / (2 * h);
    EXPECT_NEAR(slope[i], difference, 1e-8 + 1e-7 * std::abs(difference)) << "element " << i;
  }
}

inline void expect_near(const retrograd::Array& actual, const Doubles& expected, double tolerance) {
  const Doubles values = actual.to_vector<double>();
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], tolerance) << i;
}

}  // namespace nn_test
