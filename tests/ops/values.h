// Small arrays and their values, for tests of single ops.
#pragma once

#include <retrograd/eval.h>
#include <retrograd/ops.h>

#include <initializer_list>
#include <limits>
#include <vector>

#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

// The values by an optimised plan: in f32 by fast kernels where there are, in f64 by reference kernels. (A
// plain plan stops at the NaN and infinities that some of these tests want.)
inline std::vector<double> numbers(const Array& x) { return values({x}, false)[0]; }
inline Array with_dtype(std::initializer_list<double> of, DType dtype) {
  return array_of(of, {dtype, Shape{static_cast<std::int64_t>(of.size())}});
}

inline std::vector<float> floats(const Array& x) { return x.to_vector<float>(); }
inline std::vector<int> ints(const Array& x) { return x.to_vector<std::int32_t>(); }

inline Array matrix(std::initializer_list<float> values, const Shape& shape) {
  return reshape(Array::of(values), shape);
}

}  // namespace retrograd::testing
