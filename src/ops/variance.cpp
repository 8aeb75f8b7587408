// variance and norm, of simpler reductions.
#include <retrograd/ops.h>

#include <cmath>
#include <limits>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {

Array variance(const Array& x, const Axes& axes, bool keep, int correction) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "variance").rank(), "variance");
  std::int64_t count = 1;
  for (std::int64_t axis : reduced) count *= x.shape()[static_cast<int>(axis)];
  if (count <= correction) {
    fail(ErrorKind::shape, "variance: {} elements along the axes; expected more than {}, the correction",
         count, correction);
  }
  const Array deviation = x - mean(x, axes, true);
  return sum(square(deviation), axes, keep) * (1.0 / static_cast<double>(count - correction));
}

Array norm(const Array& x, const Axes& axes, bool keep, double order) {
  ops::given(x, "norm");
  if (order == 1.0) return sum(abs(x), axes, keep);
  if (order == std::numeric_limits<double>::infinity()) return max(abs(x), axes, keep);
  if (order != 2.0) fail(ErrorKind::argument, "norm: order {}; expected 1, 2 or infinity", order);
  const Array squares = sum(square(x), axes, keep);
  // Without the inner choice the derivative at 0 would be 0 times infinity.
  const Array is_zero = equal(squares, 0.0);
  return where(is_zero, 0.0, sqrt(where(is_zero, 1.0, squares)));
}

}  // namespace retrograd
