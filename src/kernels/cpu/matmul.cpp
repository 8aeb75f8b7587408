// Small matrix products in f32, where a call of a library costs more than the arithmetic: a [M, K], b [K, N]
// -> y [M, N] with bias and activation. The loops are in matmul_panel.cpp; larger products are left to
// onednn_matmul.cpp.
#include <algorithm>

#include "kernels/cpu/matmul_panel.h"
#include "kernels/cpu/matrix.h"

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

Choice choose(const Call& call) {
  const std::int64_t M = call.outputs[0].shape()[0];
  Choice choice{.shards = cpu::flops_of(call) >= 0.4e6 && M >= 48 ? 2 : 1};
  if (cpu::matrix_strides(call.inputs[1])->transposed) {
    choice.scratch_bytes = static_cast<std::size_t>(call.inputs[1].size()) * sizeof(float);
  }
  return choice;
}

// b [K, N] with unit stride along K, to rows.
void transpose(const float* b, std::int64_t column_stride, std::int64_t K, std::int64_t N, float* to) {
  for (std::int64_t n = 0; n < N; ++n) {
    for (std::int64_t k = 0; k < K; ++k) to[k * N + n] = b[k + n * column_stride];
  }
}

void matmul(const Call& call, const Operands& operands, int shard, int shards) {
  const std::int64_t M = call.outputs[0].shape()[0];
  const std::int64_t K = call.inputs[0].shape()[1];
  const std::int64_t N = call.outputs[0].shape()[1];
  const cpu::MatrixStrides a = *cpu::matrix_strides(call.inputs[0]);
  const cpu::MatrixStrides b = *cpu::matrix_strides(call.inputs[1]);
  const cpu::MatrixEpilogue epilogue = *cpu::MatrixEpilogue::of(call);
  const std::int64_t first = M * shard / shards;
  cpu::PanelProduct product{.a = operands.in<float>(0) + first * a.row,
                            .a_row = a.row,
                            .a_column = a.column,
                            .b = operands.in<float>(1),
                            .b_row = b.row,
                            .bias = epilogue.bias_row(operands),
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
  cpu::multiply_panels(product);
  epilogue.activate(product.y, product.M, N, N);
}

}  // namespace

extern const KernelDef matmul_highway{.op = "matmul",
                                      .backend = "highway",
                                      .supports = supports,
                                      .choose = choose,
                                      .bind = FunctionKernel<matmul>::bind};

}  // namespace retrograd::kernels
