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
  if (!cpu::is_matrix_product(call) || cpu::flops_of(call) > most_flops) return false;
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

Choice choose(const Call& call) {
  const std::int64_t M = call.outputs[0].shape()[0];
  Choice choice{.shards = cpu::flops_of(call) >= 0.4e6 && M >= 48 ? 2 : 1};
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

// The product into the scratch, some rows at a time, and from there through the stages to y.
void multiply_in_steps(const Call& call, const Operands& operands, cpu::PanelProduct product,
                       const cpu::MatrixStages& stages, std::int64_t first) {
  const std::int64_t rows = product.M;
  float* y = product.y;
  float* apart = reinterpret_cast<float*>(operands.scratch) + packed_elements(call);
  product.y = apart;
  for (std::int64_t row = 0; row < rows; row += product.M) {
    product.M = std::min(rows - row, rows_at_a_time(call));
    cpu::multiply_panels(product);
    const cpu::MatrixTile tile{first + row, product.M, 0, product.N};
    stages.run(operands, tile, product.N, apart, product.N, y + row * product.N);
    product.a += product.M * product.a_row;
  }
}

void matmul(const Call& call, const Operands& operands, int shard, int shards) {
  const std::int64_t M = call.outputs[0].shape()[0];
  const std::int64_t K = call.inputs[0].shape()[1];
  const std::int64_t N = call.outputs[0].shape()[1];
  const cpu::MatrixStrides a = *cpu::matrix_strides(call.inputs[0]);
  const cpu::MatrixStrides b = *cpu::matrix_strides(call.inputs[1]);
  const cpu::MatrixStages stages = *cpu::MatrixStages::of(call);
  const std::int64_t first = M * shard / shards;
  cpu::PanelProduct product{.a = operands.in<float>(0) + first * a.row,
                            .a_row = a.row,
                            .a_column = a.column,
                            .b = operands.in<float>(1),
                            .b_row = b.row,
                            .bias = stages.bias_row(operands),
                            .y = operands.out<float>() + first * N,
                            .y_row = N,
                            .M = M * (shard + 1) / shards - first,
                            .K = K,
                            .N = N};
  if (b.transposed) {
    float* packed = reinterpret_cast<float*>(operands.scratch);
    transpose(product.b, b.column, K, N, packed);
    product.b = packed;
    product.b_row = N;
  }
  if (stages.needs_scratch()) return multiply_in_steps(call, operands, product, stages, first);
  cpu::multiply_panels(product);
  stages.run(operands, {first, product.M, 0, N}, N, product.y, N, product.y);
}

}  // namespace

extern const KernelDef matmul_highway{.op = "matmul",
                                      .backend = "highway",
                                      .supports = supports,
                                      .choose = choose,
                                      .bind = FunctionKernel<matmul>::bind,
                                      .in_place = in_place,
                                      .takes_operands = true};

}  // namespace retrograd::kernels
