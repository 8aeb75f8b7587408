// Operands of indices in i32 or i64, read by several shards at once.
#pragma once

#include <cstdint>

#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

// Indices [N] with a stride, each meant to lie in [0, count).
struct Indices {
  const std::byte* data;
  bool is_wide;  // i64
  std::int64_t stride;
  std::int64_t count;

  std::int64_t operator[](std::int64_t n) const {
    if (is_wide) return reinterpret_cast<const std::int64_t*>(data)[n * stride];
    return reinterpret_cast<const std::int32_t*>(data)[n * stride];
  }
  bool is_valid(std::int64_t index) const { return index >= 0 && index < count; }
  // Moved into the range.
  std::int64_t clamped(std::int64_t n) const {
    const std::int64_t index = (*this)[n];
    return index < 0 ? 0 : index < count ? index : count - 1;
  }
  // The first of N that lies outside is a fault. Called by one shard alone, so that which one is found does
  // not depend on threads.
  void check(std::int64_t N, Fault* fault) const {
    for (std::int64_t n = 0; n < N; ++n) {
      if (is_valid((*this)[n])) continue;
      fault->set(Fault::Kind::index_out_of_range, (*this)[n]);
      return;
    }
  }
};

}  // namespace retrograd::kernels::cpu
