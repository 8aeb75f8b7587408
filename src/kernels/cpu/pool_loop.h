// The loops of pooling over the channels of one window, for the best instruction set that the processor has.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// The elements of a window: element k of channel c is x[offsets[k] + c].
struct PoolWindow {
  const std::int64_t* offsets;
  int count;           // at least 1
  std::int64_t C;      // channels
  float scale = 1.0f;  // of an average: 1 / the number that it divides by
  bool adds = false;   // gradients: other windows may have given something to the same elements
};

struct PoolLoops {
  // y[c] = the largest element; NaN is the largest.
  void (*largest)(const PoolWindow& window, const float* x, float* y);
  // dx of the first of the largest elements gets dy[c], the others 0.
  void (*largest_gradient)(const PoolWindow& window, const float* x, const float* dy, float* dx);
  // y[c] = scale times the sum.
  void (*average)(const PoolWindow& window, const float* x, float* y);
  // dx of each element gets scale dy[c].
  void (*average_gradient)(const PoolWindow& window, const float* dy, float* dx);
};

const PoolLoops& pool_loops();

}  // namespace retrograd::kernels::cpu
