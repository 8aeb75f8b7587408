// Stacks of matrices [..., M, K]: where each matrix lies, whatever the strides of the axes in front.
// Single products are in matrix.h.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/cpu/matrix.h"

namespace retrograd::kernels::cpu {

// The matrices of `view`, in row-major order of the axes in front of them: offsets in elements.
inline std::vector<std::int64_t> matrix_offsets(const View& view) {
  const int axes = view.layout.shape.rank() - 2;
  std::vector<std::int64_t> offsets{0};
  for (int axis = 0; axis < axes; ++axis) {
    std::vector<std::int64_t> longer;
    for (const std::int64_t offset : offsets) {
      for (std::int64_t i = 0; i < view.layout.shape[axis]; ++i) {
        longer.push_back(offset + i * view.layout.strides[static_cast<std::size_t>(axis)]);
      }
    }
    offsets = std::move(longer);
  }
  return offsets;
}

// The last two axes as a matrix.
inline View matrix_of(const View& view) {
  const int rank = view.layout.shape.rank();
  View matrix{view.dtype, {}};
  matrix.layout.shape = Shape{view.layout.shape[rank - 2], view.layout.shape[rank - 1]};
  matrix.layout.strides[0] = view.layout.strides[static_cast<std::size_t>(rank - 2)];
  matrix.layout.strides[1] = view.layout.strides[static_cast<std::size_t>(rank - 1)];
  return matrix;
}

// One matrix's product out of a call on stacks; epilogue operands stay.
inline Call product_of_matrices(const Call& call) {
  Call product = call;
  for (View& input : product.inputs) input = matrix_of(input);
  const View matrix = matrix_of(call.outputs[0]);
  product.outputs[0] = {matrix.dtype, Layout::row_major(matrix.shape())};
  return product;
}

// A product in f32 of two stacks of matrices in `factors`, none of the extents 0, with an epilogue of
// matrix.h.
inline bool is_product_of_stacks(const Call& call, DType factors) {
  const View& y = call.outputs[0];
  const int rank = y.shape().rank();
  return has_dtypes(call, factors) && rank > 2 && y.size() > 0 && call.inputs[0].shape()[rank - 1] > 0 &&
         MatrixEpilogue::of(call).has_value();
}

}  // namespace retrograd::kernels::cpu
