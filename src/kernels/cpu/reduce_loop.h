// The inner loops of reductions, for the best instruction set that the processor has. The order of every sum
// is fixed by the sizes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retrograd::kernels::cpu {

struct Reduction {
  // Of `count` consecutive elements, at least one.
  float (*row)(const float* x, std::int64_t count);
  // y[c] = over r of x[r * stride + c], for 0 <= r < rows, rows >= 1, and 0 <= c < columns; `onto` what y
  // holds.
  void (*columns)(const float* x, std::int64_t stride, std::int64_t rows, float* y, std::int64_t columns,
                  bool onto);
  double identity;
  double (*combine)(double a, double b);
};

Reduction sum_reduction();
// NaN is the largest.
Reduction max_reduction();

// The position of the first of the largest elements, NaN as the largest; count >= 1.
std::int64_t first_largest(const float* x, std::int64_t count);

}  // namespace retrograd::kernels::cpu
