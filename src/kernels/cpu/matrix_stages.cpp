// Stages of matrix products, run over tiles row by row, or over all of a tile at once where it is contiguous.
#include "kernels/cpu/matrix_stages.h"

namespace retrograd::kernels::cpu {

std::optional<MatrixStages::Form> MatrixStages::form_of(const View& view) {
  if (view.dtype != DType::f32) return std::nullopt;
  const auto stride = [&](int axis) {
    return view.shape()[axis] == 1 ? 0 : view.layout.strides[static_cast<std::size_t>(axis)];
  };
  if (view.size() == 1 || (stride(0) == 0 && stride(1) == 0)) return Form::number;
  if (view.layout.is_contiguous() && view.shape()[0] > 1) return Form::matrix;
  if (stride(0) == 0 && stride(1) == 1) return view.shape()[0] > 1 ? Form::row : Form::matrix;
  return std::nullopt;
}

std::optional<MatrixStages> MatrixStages::of(const Call& call) {
  MatrixStages made;
  for (const EpilogueStage& stage : call.epilogue) {
    Stage next{.function = row_function(stage.op), .second = stage.second};
    if (next.function == nullptr || made.count_ == most) return std::nullopt;
    if (stage.operand >= 0) {
      next.operand = static_cast<std::size_t>(stage.operand);
      const View& view = call.inputs[next.operand];
      const auto form = form_of(view);
      if (!form) return std::nullopt;
      // One row of a result of one row is a bias as well as a matrix.
      const bool is_row = *form == Form::row || (*form == Form::matrix && view.shape()[0] == 1) ||
                          (*form == Form::number && view.size() == 1);
      if (stage.op == "add" && is_row && made.count_ == 0 && made.bias_ < 0) {
        made.bias_ = stage.operand;
        continue;
      }
      next.form = *form;
      made.reads_rows_ = made.reads_rows_ || next.form == Form::row;
      made.reads_matrices_ = made.reads_matrices_ || next.form == Form::matrix;
    }
    made.stages_[made.count_++] = next;
  }
  return made;
}

bool MatrixStages::is_matrix(std::size_t input) const {
  for (std::size_t s = 0; s < count_; ++s) {
    if (stages_[s].form == Form::matrix && stages_[s].operand == input) return true;
  }
  return false;
}

void MatrixStages::run(const Operands& operands, const MatrixTile& tile, std::int64_t N, float* product,
                       std::int64_t stride, float* y) const noexcept {
  if (count_ == 0 && product == y) return;
  const bool at_once = tile.columns == N && stride == N && !reads_rows_;
  const std::int64_t runs = at_once ? 1 : tile.rows;
  const auto length = static_cast<std::size_t>(at_once ? tile.rows * N : tile.columns);
  for (std::int64_t r = 0; r < runs; ++r) {
    float* from = product + r * stride;
    for (std::size_t s = 0; s < count_; ++s) {
      const Stage& stage = stages_[s];
      RowOperand x[2] = {{from, false}, {}};
      if (stage.form != Form::none) {
        const float* other = operands.in<float>(stage.operand);
        if (stage.form == Form::row) other += tile.column;
        if (stage.form == Form::matrix) other += (tile.row + r) * N + tile.column;
        x[1] = {other, stage.form == Form::number};
        if (stage.second) std::swap(x[0], x[1]);
      }
      stage.function(x, s + 1 == count_ ? y + r * N : from, length);
    }
  }
}

}  // namespace retrograd::kernels::cpu
