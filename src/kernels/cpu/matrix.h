// What the matrix-product kernels share: operands as matrices with one unit stride, and the epilogue of
// products of stacks. That of a single product is in matrix_stages.h.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/cpu/elementwise_loop.h"
#include "kernels/cpu/matrix_stages.h"
#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

// One of the two strides is 1, the other at least the extent along it.
struct MatrixStrides {
  std::int64_t row = 0;
  std::int64_t column = 0;
  bool transposed = false;  // the unit stride runs along the first axis
};

// Nothing for a view of rank 2 that has no such strides (a broadcast row, a column cut out).
inline std::optional<MatrixStrides> matrix_strides(const View& view) {
  const std::int64_t rows = view.layout.shape[0];
  const std::int64_t columns = view.layout.shape[1];
  std::int64_t row = view.layout.strides[0];
  std::int64_t column = view.layout.strides[1];
  if (columns == 1 && row != 1) column = 1;
  if (rows == 1) row = column == 1 ? columns : 1;
  if (column == 1 && row >= columns) return MatrixStrides{row, column, false};
  if (row == 1 && column >= rows) return MatrixStrides{row, column, true};
  return std::nullopt;
}

// y <- activation(y + bias row); each may be missing.
struct MatrixEpilogue {
  int bias = -1;  // position among the call's inputs
  RowFunction activation = nullptr;

  // Nothing for stages in another order or of another kind.
  static std::optional<MatrixEpilogue> of(const Call& call) {
    MatrixEpilogue epilogue;
    for (const EpilogueStage& stage : call.epilogue) {
      if (epilogue.activation != nullptr) return std::nullopt;
      if (stage.op == "add" && stage.operand >= 0 && epilogue.bias < 0) {
        epilogue.bias = stage.operand;
      } else if (stage.operand < 0) {
        epilogue.activation = row_function(stage.op);
        if (epilogue.activation == nullptr) return std::nullopt;
      } else {
        return std::nullopt;
      }
    }
    return epilogue;
  }

  const float* bias_row(const Operands& operands) const {
    return bias < 0 ? nullptr : operands.in<float>(static_cast<std::size_t>(bias));
  }
  // Applies the activation to `rows` rows of `columns` elements at y, `stride` apart.
  void activate(float* y, std::int64_t rows, std::int64_t columns, std::int64_t stride) const {
    if (activation == nullptr) return;
    if (columns == stride) {
      columns *= rows;
      rows = 1;
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      const RowOperand x{y + row * stride, false};
      activation(&x, y + row * stride, static_cast<std::size_t>(columns));
    }
  }
};

// Are both factors in `factors`, and is the product in f32?
inline bool has_dtypes(const Call& call, DType factors) {
  return call.inputs[0].dtype == factors && call.inputs[1].dtype == factors &&
         call.outputs[0].dtype == DType::f32;
}

// A product in f32 of two matrices in `factors`, with strides as above and stages of matrix_stages.h, none of
// the extents 0.
inline bool is_matrix_product(const Call& call, DType factors) {
  const View& y = call.outputs[0];
  if (!has_dtypes(call, factors) || y.shape().rank() != 2 || y.size() == 0 || call.inputs[0].shape()[1] == 0)
    return false;
  return matrix_strides(call.inputs[0]) && matrix_strides(call.inputs[1]) && MatrixStages::of(call);
}

// Floating-point operations of a [M, K] by [K, N] product.
inline double flops_of(const Call& call) {
  return 2.0 * static_cast<double>(call.outputs[0].size()) * static_cast<double>(call.inputs[0].shape()[1]);
}

}  // namespace retrograd::kernels::cpu
