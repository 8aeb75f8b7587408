// The inner loops of small matrix products, for the best instruction set that the processor has.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

struct PanelProduct {
  const float* a;  // [M, K]: element (m, k) at m * a_row + k * a_column
  std::int64_t a_row, a_column;
  const float* b;  // [K, N], rows of stride b_row, unit stride along a row
  std::int64_t b_row;
  const float* bias;  // [N] or null
  float* y;           // [M, N], rows of stride y_row
  std::int64_t y_row;
  std::int64_t M, K, N;
  bool add = false;  // to what y holds; the bias is not read then
  // The sum of so many products: a and b of one lie this far behind those of the one before.
  std::int64_t blocks = 1;
  std::int64_t a_block = 0, b_block = 0;
};

// y = a b + bias, or y + a b. Every element is the sum in the order of blocks and k, fused multiply-add where
// the processor has it.
void multiply_panels(const PanelProduct& product);

// Floats of a vector.
int vector_lanes();

// to[i] += from[i], for rows of a few vectors, which row_function("add") would take a tenth more time for.
void add_to(const float* from, float* to, std::int64_t count);

}  // namespace retrograd::kernels::cpu
