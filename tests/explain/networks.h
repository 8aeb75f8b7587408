// Small networks and samples for the tests of explain.
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <span>
#include <vector>

namespace explain_test {

inline retrograd::Array doubles(const std::vector<double>& values, const retrograd::Shape& shape) {
  return retrograd::Array::from(std::span<const double>(values), shape);
}

// Numbers that repeat nowhere, between low and high, the same every time.
inline retrograd::Array spread(const retrograd::Shape& shape, double low, double high) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    const double part = 0.6180339887498949 * static_cast<double>(i + 1);  // the golden ratio's spiral
    values.push_back(low + (high - low) * (part - static_cast<double>(static_cast<std::int64_t>(part))));
  }
  return doubles(values, shape);
}

}  // namespace explain_test
