// Adding up the buffers into which shards have summed their parts.
#pragma once

#include <cstddef>

#include "kernels/cpu/elementwise_loop.h"

namespace retrograd::kernels::cpu {

class ShardSums {
 public:
  // The sum of `count` buffers of `size` elements, which begin `stride` elements apart, into the first of
  // them. Pairs first, then pairs of pairs: a fixed order, with a smaller error than one after another.
  void operator()(float* buffers, int count, std::size_t stride, std::size_t size) const {
    for (int step = 1; step < count; step *= 2) {
      for (int i = 0; i + step < count; i += 2 * step) {
        float* to = buffers + static_cast<std::size_t>(i) * stride;
        const float* from = to + static_cast<std::size_t>(step) * stride;
        const RowOperand x[2] = {{to, false}, {from, false}};
        add_(x, to, size);
      }
    }
  }

 private:
  RowFunction add_ = row_function("add");
};

}  // namespace retrograd::kernels::cpu
