// Small matrix products in f32, where a call of a library costs more than the arithmetic: a [M, K], b [K, N]
// -> y [M, N] with bias and element-wise stages. The loops are in matmul_panel.cpp; larger products are left
// to onednn_matmul.cpp.
#include <algorithm>

#include "kernels/cpu/matmul_panel.h"
#include "kernels/cpu/matrix.h"
#include "kernels/cpu/matrix_stages.h"

namespace retrograd::kernels {
namespace {

// b is read once for every few rows of a and must lie in the second-level cache; beyond these sizes oneDNN is
// ahead.
constexpr std::int64_t most_elements_of_b = 32 * 1024;
constexpr double most_flops = 4e6;
// A transposed b is turned into rows first, which costs more than it gains beyond this size.
constexpr std::int64_t most_elements_of_transposed_b = 1024;

bool supports(const Call& call) {
  if (!cpu::is_matrix_product(call, DType::f32) || cpu::flops_of(call) > most_flops) return false;
  const bool transposed = cpu::matrix_strides(call.inputs[1])->transposed;
  return call.inputs[1].size() <= (transposed ? most_elements_of_transposed_b : most_elements_of_b);
}

// Elements of b that are packed into the scratch, in front of the product that waits for its stages.
std::int64_t packed_elements(const Call& call) {
  return cpu::matrix_strides(call.inputs[1])->transposed ? call.inputs[1].size() : 0;
}

// Rows of a product that lies in the scratch; whole register tiles, and little enough for the first-level
// cache.
std::int64_t rows_at_a_time(const Call& call) {
  const std::int64_t N = call.outputs[0].shape()[1];
  return std::min(call.outputs[0].shape()[0], std::max<std::int64_t>(2048 / N / 12, 1) * 12);
}

// Below this the second thread gains less than it takes to bring it the operands: a step of 784-30-10 with
// batch 10, 0.47e6 in its largest product, is no faster on two.
constexpr double flops_of_two_shards = 1e6;

Choice choose(const Call& call) {
  const std::int64_t M = call.outputs[0].shape()[0];
  Choice choice{.shards = cpu::flops_of(call) >= flops_of_two_shards && M >= 48 ? 2 : 1};
  std::int64_t elements = packed_elements(call);
  if (cpu::MatrixStages::of(call)->needs_scratch())
    elements += rows_at_a_time(call) * call.outputs[0].shape()[1];
  choice.scratch_bytes = static_cast<std::size_t>(elements) * sizeof(float);
  return choice;
}

// A shard reads of a matrix what it overwrites, tile by tile.
bool in_place(const Call& call, std::size_t input) { return cpu::MatrixStages::of(call)->is_matrix(input); }

// b [K, N] with unit stride along K, to rows.
void transpose(const float* b, std::int64_t column_stride, std::int64_t K, std::int64_t N, float* to) {
  for (std::int64_t n = 0; n < N; ++n) {
    for (std::int64_t k = 0; k < K; ++k) to[k * N + n] = b[k + n * column_stride];
  }
}

class MatmulKernel final : public BoundKernel {
 public:
  MatmulKernel(const Call& call, const Choice& choice)
      : stages_(*cpu::MatrixStages::of(call)),
        a_(*cpu::matrix_strides(call.inputs[0])),
        b_(*cpu::matrix_strides(call.inputs[1])),
        M_(call.outputs[0].shape()[0]),
        K_(call.inputs[0].shape()[1]),
        N_(call.outputs[0].shape()[1]),
        packed_(packed_elements(call)),
        most_rows_(rows_at_a_time(call)),
        shards_(choice.shards) {}

  void run(const Operands& operands, int shard) noexcept override {
    const std::int64_t first = M_ * shard / shards_;
    cpu::PanelProduct product{.a = operands.in<float>(0) + first * a_.row,
                              .a_row = a_.row,
                              .a_column = a_.column,
                              .b = operands.in<float>(1),
                              .b_row = b_.row,
                              .bias = stages_.bias_row(operands),
                              .y = operands.out<float>() + first * N_,
                              .y_row = N_,
                              .M = M_ * (shard + 1) / shards_ - first,
                              .K = K_,
                              .N = N_};
    if (b_.transposed) {
      float* packed = reinterpret_cast<float*>(operands.scratch);
      transpose(product.b, b_.column, K_, N_, packed);
      product.b = packed;
      product.b_row = N_;
    }
    if (stages_.needs_scratch()) return multiply_in_steps(operands, product, first);
    cpu::multiply_panels(product);
    stages_.run(operands, {first, product.M, 0, N_}, N_, product.y, N_, product.y);
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<MatmulKernel>(call, choice);
  }

 private:
  // The product into the scratch, some rows at a time, and from there through the stages to y.
  void multiply_in_steps(const Operands& operands, cpu::PanelProduct product,
                         std::int64_t first) const noexcept {
    const std::int64_t rows = product.M;
    float* y = product.y;
    product.y = reinterpret_cast<float*>(operands.scratch) + packed_;
    for (std::int64_t row = 0; row < rows; row += product.M) {
      product.M = std::min(rows - row, most_rows_);
      cpu::multiply_panels(product);
      stages_.run(operands, {first + row, product.M, 0, N_}, N_, product.y, N_, y + row * N_);
      product.a += product.M * a_.row;
    }
  }

  cpu::MatrixStages stages_;
  cpu::MatrixStrides a_;
  cpu::MatrixStrides b_;
  std::int64_t M_, K_, N_;
  std::int64_t packed_;     // elements of the packed b
  std::int64_t most_rows_;  // of the product in the scratch
  int shards_;
};

}  // namespace

extern const KernelDef matmul_highway{.op = "matmul",
                                      .backend = "highway",
                                      .supports = supports,
                                      .choose = choose,
                                      .bind = MatmulKernel::bind,
                                      .error = ErrorBound::sum("K, and 1 with a bias", "sum |a b|"),
                                      .in_place = in_place,
                                      .takes_operands = true};

}  // namespace retrograd::kernels
