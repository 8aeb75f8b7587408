// How kernels cut work into shards and read operands that are not contiguous. Element-wise walks with
// broadcasting are in rows.h.
#pragma once

#include <cstdint>

#include "core/layout.h"

namespace retrograd::kernels::cpu {

struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t size() const { return end - begin; }
};

// The part of [0, total) that shard `shard` of `shards` does; borders are multiples of `step`, so that
// vectors do not straddle them.
inline Range range_of(std::int64_t total, int shard, int shards, std::int64_t step = 16) {
  const auto border = [&](std::int64_t i) { return i == shards ? total : total * i / shards / step * step; };
  return {border(shard), border(shard + 1)};
}

// to[0..count) = elements [from, from + count) of x in row-major order.
inline void gather(const float* x, const Layout& layout, std::int64_t from, std::int64_t count, float* to) {
  std::array<std::int64_t, Shape::max_rank> at{};
  std::int64_t offset = 0;
  for (int axis = layout.shape.rank() - 1; axis >= 0; --axis) {
    const auto a = static_cast<std::size_t>(axis);
    at[a] = from % layout.shape[axis];
    from /= layout.shape[axis];
    offset += at[a] * layout.strides[a];
  }
  for (std::int64_t i = 0; i < count; ++i) {
    to[i] = x[offset];
    for (int axis = layout.shape.rank() - 1; axis >= 0; --axis) {
      const auto a = static_cast<std::size_t>(axis);
      offset += layout.strides[a];
      if (++at[a] < layout.shape[axis]) break;
      offset -= at[a] * layout.strides[a];
      at[a] = 0;
    }
  }
}

}  // namespace retrograd::kernels::cpu
