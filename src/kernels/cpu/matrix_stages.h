// What a product of two matrices does on the way out: a bias row with the product itself, then element-wise
// stages over tiles of the result, each of the value at hand and perhaps one operand: a row, one number, or a
// whole matrix like the result (a residual, or the variable that the result updates).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "kernels/cpu/elementwise_loop.h"
#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

// Rows [row, row + rows), columns [column, column + columns) of a matrix [M, N].
struct MatrixTile {
  std::int64_t row, rows, column, columns;
};

class MatrixStages {
 public:
  // Nothing for stages of another kind, or too many.
  static std::optional<MatrixStages> of(const Call& call);

  // The position of the bias among the call's inputs; -1: none.
  int bias() const { return bias_; }
  const float* bias_row(const Operands& operands) const {
    return bias_ < 0 ? nullptr : operands.in<float>(static_cast<std::size_t>(bias_));
  }
  // A whole operand may be overwritten by the result, so the product must lie apart until the stages are
  // done.
  bool needs_scratch() const { return reads_matrices_; }
  bool is_matrix(std::size_t input) const;

  // y <- the stages of `product`, the tile of a result with N columns; both pointers are to the tile's first
  // element, rows of the product are `stride` apart. The product is overwritten; it may be y.
  void run(const Operands& operands, const MatrixTile& tile, std::int64_t N, float* product,
           std::int64_t stride, float* y) const noexcept;

 private:
  enum class Form { none, row, number, matrix };
  struct Stage {
    RowFunction function = nullptr;
    Form form = Form::none;
    std::size_t operand = 0;
    bool second = false;
  };
  static constexpr std::size_t most = 6;

  static std::optional<Form> form_of(const View& view);

  int bias_ = -1;
  std::array<Stage, most> stages_{};
  std::size_t count_ = 0;
  bool reads_matrices_ = false;
  bool reads_rows_ = false;
};

}  // namespace retrograd::kernels::cpu
