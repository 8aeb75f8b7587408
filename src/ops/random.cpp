// Random numbers of other distributions, made of uniform ones.
#include <retrograd/ops.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace {

// The inverse of the error function for f32, relative error near 3e-7. Giles 2010, Approximating the erfinv
// function, table 5.
Array inverse_erf(const Array& x) {
  const Array w = negative(log((1.0 - x) * (1.0 + x)));
  const auto polynomial = [](const Array& at, std::initializer_list<double> coefficients) {
    Array sum;
    for (double c : coefficients) sum = sum.empty() ? full_like(at, c) : sum * at + c;
    return sum;
  };
  const Array centre =
      polynomial(w - 2.5, {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                           -0.00125372503, -0.00417768164, 0.246640727, 1.50140941});
  const Array tail =
      polynomial(sqrt(w) - 3.0, {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844,
                                 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682});
  return where(less(w, 5.0), centre, tail) * x;
}

}  // namespace

Array normal(const Array& counter, const Shape& shape) {
  const Array radius = sqrt(log(1.0 - uniform(counter, shape)) * -2.0);
  return radius * cos(uniform(counter, shape) * (2.0 * std::numbers::pi));
}

Array truncated_normal(const Array& counter, const Shape& shape, double low, double high) {
  if (!(low < high) || std::abs(low) > 5.0 || std::abs(high) > 5.0) {
    fail(ErrorKind::argument, "truncated_normal: bounds {} and {}; expected -5 <= low < high <= 5", low,
         high);
  }
  const double first = std::erf(low / std::numbers::sqrt2);
  const double last = std::erf(high / std::numbers::sqrt2);
  const Array x = inverse_erf(uniform(counter, shape) * (last - first) + first) * std::numbers::sqrt2;
  return clip(x, low, high);
}

Array bernoulli(const Array& counter, double p, const Shape& shape) {
  if (!(p >= 0.0 && p <= 1.0)) fail(ErrorKind::argument, "bernoulli: p is {}; expected 0 <= p <= 1", p);
  return less(uniform(counter, shape), p);
}

Array permutation(const Array& counter, std::int64_t n) { return argsort(uniform(counter, Shape{n}), 0); }

// The Gumbel-max trick: u = 0 gives -infinity, never the largest.
Array categorical(const Array& counter, const Array& logits, int axis) {
  const Array noise =
      negative(log(negative(log(uniform(counter, ops::given(logits, "categorical").shape())))));
  return argmax(logits + cast(noise, logits.dtype()), axis);
}

}  // namespace retrograd
