// The fast element-wise loops: for each op, a function over rows of elements, for the best instruction set
// that the processor has.
#pragma once

#include <cstddef>
#include <string_view>

namespace retrograd::kernels::cpu {

// Elements of one operand of a row: consecutive, or the same one again and again.
struct RowOperand {
  const void* data = nullptr;  // f32, or bool for a condition
  bool repeats = false;
};

// y[0..count) = f(x_0, ...); y is f32, or bool for a comparison. y may be one of the operands that do not
// repeat.
using RowFunction = void (*)(const RowOperand* x, void* y, std::size_t count);

// Null for an op that is not element-wise.
RowFunction row_function(std::string_view op);

}  // namespace retrograd::kernels::cpu
