// Attributes of poolings.
#include "ops/pool.h"

#include "core/fail.h"
#include "ops/images.h"
#include "ops/rules.h"

namespace retrograd::ops {

std::vector<int> spatial_axes_of(const char* op, const Array& x) {
  if (given(x, op).rank() < 3 || x.rank() > 5) {
    fail(ErrorKind::shape, "{}: got {}; expected images [N, C, W], [N, C, H, W] or [N, C, D, H, W]", op,
         x.type().to_string());
  }
  std::vector<int> axes;
  for (int axis = 2; axis < x.rank(); ++axis) axes.push_back(axis);
  return axes;
}

attributes::Pool pool_of(const char* op, const Array& x, const PoolOptions& options) {
  const std::size_t axes = spatial_axes_of(op, x).size();
  const std::vector<std::int64_t> extents = spatial(x.shape(), false);
  attributes::Pool pool{.window = for_each_axis(options.window, axes, op, "the window"),
                        .stride = {},
                        .low = for_each_axis(options.padding.low(), axes, op, "padding in front"),
                        .high = for_each_axis(options.padding.high(), axes, op, "padding behind"),
                        .count_include_pad = options.count_include_pad};
  pool.stride = options.stride.empty() ? pool.window : for_each_axis(options.stride, axes, op, "stride");
  if (!options.padding.is_same()) return pool;
  for (std::size_t a = 0; a < axes; ++a) {
    if (pool.stride[a] < 1)
      fail(ErrorKind::argument, "{}: a stride is {}; expected at least 1", op, pool.stride[a]);
    const std::int64_t outputs = (extents[a] + pool.stride[a] - 1) / pool.stride[a];
    const std::int64_t total =
        std::max<std::int64_t>((outputs - 1) * pool.stride[a] + pool.window[a] - extents[a], 0);
    pool.low[a] = total / 2;
    pool.high[a] = total - total / 2;
  }
  return pool;
}

attributes::Pool adaptive_pool_of(const char* op, const Array& x, const std::vector<std::int64_t>& outputs) {
  const std::size_t axes = spatial_axes_of(op, x).size();
  return {.window = {},
          .stride = {},
          .low = {},
          .high = {},
          .outputs = for_each_axis(outputs, axes, op, "outputs")};
}

}  // namespace retrograd::ops
