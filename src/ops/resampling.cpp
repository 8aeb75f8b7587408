// upsample_nearest, by broadcast_to, and upsample_linear, by a product with a matrix of weights along each
// axis.
#include <retrograd/ops.h>
#include <retrograd/resampling.h>

#include <cmath>

#include "core/fail.h"
#include "ops/images.h"
#include "ops/pool.h"
#include "ops/rules.h"

namespace retrograd {
namespace {

std::vector<std::int64_t> checked_factors(const char* op, const Array& x,
                                          const std::vector<std::int64_t>& given) {
  const std::size_t axes = ops::spatial_axes_of(op, x).size();
  std::vector<std::int64_t> factors = ops::for_each_axis(given, axes, op, "factors");
  for (std::int64_t factor : factors) {
    if (factor < 1 || factor > 1024) {
      fail(ErrorKind::argument, "{}: a factor is {}; expected 1 to 1024", op, factor);
    }
  }
  return factors;
}

// [L, L factor]: column j holds the weights of the inputs at output j.
Array interpolation(std::int64_t L, std::int64_t factor, DType dtype) {
  const std::int64_t outputs = L * factor;
  std::vector<double> weights(static_cast<std::size_t>(L * outputs), 0.0);
  for (std::int64_t j = 0; j < outputs; ++j) {
    const double at = (static_cast<double>(j) + 0.5) / static_cast<double>(factor) - 0.5;
    const double inside = std::min(std::max(at, 0.0), static_cast<double>(L - 1));
    const auto left = static_cast<std::int64_t>(inside);
    const double share = inside - static_cast<double>(left);
    weights[static_cast<std::size_t>(left * outputs + j)] += 1.0 - share;
    if (share > 0.0) weights[static_cast<std::size_t>((left + 1) * outputs + j)] += share;
  }
  const Shape shape{L, outputs};
  if (dtype == DType::f64) return Array::from(std::span<const double>(weights), shape);
  const std::vector<float> narrow(weights.begin(), weights.end());
  return Array::from(std::span<const float>(narrow), shape);
}

}  // namespace

// [N, C, H, W] -> [N, C, H, 1, W, 1] -> [N, C, H, f, W, f] -> [N, C, H f, W f]
Array upsample_nearest(const Array& x, const std::vector<std::int64_t>& given) {
  const std::vector<std::int64_t> factors = checked_factors("upsample_nearest", x, given);
  Shape apart{x.shape()[0] * x.shape()[1]}, repeated{x.shape()[0] * x.shape()[1]};
  Shape result{x.shape()[0], x.shape()[1]};
  for (std::size_t a = 0; a < factors.size(); ++a) {
    const std::int64_t extent = x.shape()[static_cast<int>(a) + 2];
    for (const std::int64_t e : {extent, std::int64_t{1}}) apart.push_back(e);
    for (const std::int64_t e : {extent, factors[a]}) repeated.push_back(e);
    result.push_back(extent * factors[a]);
  }
  return reshape(broadcast_to(reshape(x, apart), repeated), result);
}

Array upsample_linear(const Array& x, const std::vector<std::int64_t>& given) {
  const std::vector<std::int64_t> factors = checked_factors("upsample_linear", x, given);
  if (!is_floating(x.dtype())) {
    fail(ErrorKind::dtype, "upsample_linear: got {}; expected f32 or f64: convert it with cast()",
         x.type().to_string());
  }
  Array y = x;
  for (std::size_t a = 0; a < factors.size(); ++a) {
    const int axis = static_cast<int>(a) + 2;
    if (factors[a] == 1 || y.size() == 0) continue;
    std::vector<int> order;  // swaps the axis with the last one
    for (int i = 0; i < y.rank(); ++i) order.push_back(i);
    std::swap(order[static_cast<std::size_t>(axis)], order.back());
    y = transpose(matmul(transpose(y, order), interpolation(y.shape()[axis], factors[a], y.dtype())), order);
  }
  return y;
}

}  // namespace retrograd
