// Positions told apart by sines and cosines: functions of other ops.
#include <retrograd/attention.h>
#include <retrograd/ops.h>

#include <cmath>
#include <vector>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace {

// cos(p w_i) or sin(p w_i), [T, D/2], w_i = base^(-2 i / D); in f64.
Array waves(double (*wave)(double), std::int64_t first, std::int64_t T, std::int64_t D, double base) {
  std::vector<double> values;
  for (std::int64_t p = first; p < first + T; ++p) {
    for (std::int64_t i = 0; i < D / 2; ++i) {
      values.push_back(wave(static_cast<double>(p) *
                            std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(D))));
    }
  }
  return Array::from(std::span<const double>(values), Shape{T, D / 2});
}

double sine(double x) { return std::sin(x); }
double cosine(double x) { return std::cos(x); }

}  // namespace

Array sinusoidal_positions(std::int64_t length, std::int64_t size, DType dtype) {
  if (length < 1 || size < 1) {
    fail(ErrorKind::argument, "sinusoidal_positions: length {} and size {}; expected at least 1", length,
         size);
  }
  std::vector<double> values;
  for (std::int64_t p = 0; p < length; ++p) {
    for (std::int64_t i = 0; i < size; ++i) {
      const double exponent = -2.0 * static_cast<double>(i / 2) / static_cast<double>(size);
      const double angle = static_cast<double>(p) * std::pow(10000.0, exponent);
      values.push_back(i % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
  const Array table = Array::from(std::span<const double>(values), Shape{length, size});
  return dtype == DType::f64 ? table : cast(table, dtype);
}

Array rotary(const Array& x, std::int64_t first, double base) {
  const Shape& s = ops::given(x, "rotary").shape();
  if (s.rank() != 4 || s[3] % 2 != 0) {
    fail(ErrorKind::shape, "rotary: got {}; expected [N, T, H, D] with an even D", s.to_string());
  }
  const Shape table{s[1], 1, s[3] / 2};
  const Array c = cast(reshape(waves(cosine, first, s[1], s[3], base), table), x.dtype());
  const Array d = cast(reshape(waves(sine, first, s[1], s[3], base), table), x.dtype());
  const std::vector<Array> halves = split(x, 2, 3);
  return concatenate({halves[0] * c - halves[1] * d, halves[1] * c + halves[0] * d}, 3);
}

}  // namespace retrograd
