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
};

// y = a b + bias, or y + a b. Every element is the sum in the order of k, fused multiply-add where the
// processor has it.
void multiply_panels(const PanelProduct& product);

}  // namespace retrograd::kernels::cpu
