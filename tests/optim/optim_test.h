// A quadratic problem and the messages of errors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/ops.h>
#include <retrograd/variable.h>

#include <string>
#include <vector>

namespace optim_test {

using Doubles = std::vector<double>;

template <typename F>
void expect_error(retrograd::ErrorKind kind, const std::string& part, F&& call) {
  try {
    call();
    ADD_FAILURE() << "no error; expected one with: " << part;
  } catch (const retrograd::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

// A weight [2, 1] or a bias [2] in f64.
inline retrograd::Variable weight(double a, double b) {
  return retrograd::Variable(retrograd::Array::from(Doubles{a, b}, {2, 1}), "weight");
}
inline retrograd::Variable bias(double a, double b) {
  return retrograd::Variable(retrograd::Array::from(Doubles{a, b}, {2}), "bias");
}

inline Doubles values(const retrograd::Variable& variable) { return variable.read().to_vector<double>(); }

inline void expect_near(const Doubles& actual, const Doubles& expected, double tolerance) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], tolerance) << i;
}

}  // namespace optim_test
