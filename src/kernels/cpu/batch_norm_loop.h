// The loops of batch norm over rows of features, for the best instruction set that the processor has.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// x, dy, y, dx [rows, C], contiguous; the others [C].
struct BatchNormLoops {
  // total += w sum x
  void (*add_rows)(const float* x, std::int64_t rows, std::int64_t C, float w, float* total);
  // total += w sum (x - mean)^2
  void (*add_squares)(const float* x, std::int64_t rows, std::int64_t C, const float* mean, float w,
                      float* total);
  // y = (x - mean) scale + bias
  void (*normalise)(const float* x, std::int64_t rows, std::int64_t C, const float* mean, const float* scale,
                    const float* bias, float* y);
  // dbias += sum dy, product += sum dy (x - mean)
  void (*add_products)(const float* x, const float* dy, std::int64_t rows, std::int64_t C, const float* mean,
                       float* dbias, float* product);
  // dx = scale dy - w (first + (x - mean) second)
  void (*pull)(const float* x, const float* dy, std::int64_t rows, std::int64_t C, const float* mean,
               const float* scale, const float* first, const float* second, float w, float* dx);
};

const BatchNormLoops& batch_norm_loops();

}  // namespace retrograd::kernels::cpu
