// Products of stacks of matrices in f32: a [..., M, K], b [..., K, N] -> y [..., M, N], of any strides, so
// that transposes and repeated axes are read where they lie; with bias and activation. The inner loops are in
// matmul_panel.cpp; stacks of large matrices are left to onednn_matmul_stacks.cpp.
#include <algorithm>

#include "kernels/cpu/matmul_panel.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/stacks.h"

namespace retrograd::kernels {
namespace {

// A matrix b must lie in the second-level cache, as it is read once for every few rows of a.
constexpr std::int64_t most_elements_of_b = 48 * 1024;

bool supports(const Call& call) {
  if (!cpu::is_product_of_stacks(call, DType::f32)) return false;
  const Call product = cpu::product_of_matrices(call);
  if (product.inputs[1].size() <= most_elements_of_b) return true;
  // oneDNN cannot read these.
  return !cpu::matrix_strides(product.inputs[0]) || !cpu::matrix_strides(product.inputs[1]);
}

bool packs_b(const View& matrix) { return matrix.layout.strides[1] != 1 && matrix.shape()[1] > 1; }

class StacksKernel final : public BoundKernel {
 public:
  StacksKernel(const Call& call, const Choice& choice)
      : epilogue_(*cpu::MatrixEpilogue::of(call)),
        a_(cpu::matrix_of(call.inputs[0])),
        b_(cpu::matrix_of(call.inputs[1])),
        offsets_a_(cpu::matrix_offsets(call.inputs[0])),
        offsets_b_(cpu::matrix_offsets(call.inputs[1])),
        shards_(choice.shards) {}

  void run(const Operands& operands, int shard) noexcept override {
    const std::int64_t M = a_.shape()[0], K = a_.shape()[1], N = b_.shape()[1];
    const cpu::Range range = cpu::range_of(static_cast<std::int64_t>(offsets_a_.size()), shard, shards_, 1);
    const float* packed = nullptr;  // the matrix that lies in the scratch
    for (std::int64_t i = range.begin; i < range.end; ++i) {
      const auto at = static_cast<std::size_t>(i);
      cpu::PanelProduct product{.a = operands.in<float>(0) + offsets_a_[at],
                                .a_row = a_.layout.strides[0],
                                .a_column = a_.layout.strides[1],
                                .b = operands.in<float>(1) + offsets_b_[at],
                                .b_row = b_.layout.strides[0],
                                .bias = epilogue_.bias_row(operands),
                                .y = operands.out<float>() + i * M * N,
                                .y_row = N,
                                .M = M,
                                .K = K,
                                .N = N};
      if (packs_b(b_)) {
        float* to = reinterpret_cast<float*>(operands.scratch);
        if (packed != product.b) pack(product.b, to);
        packed = product.b;
        product.b = to;
        product.b_row = N;
      }
      cpu::multiply_panels(product);
      epilogue_.activate(product.y, M, N, N);
    }
  }

  static Choice choose(const Call& call) {
    const Call product = cpu::product_of_matrices(call);
    const std::int64_t matrices = call.outputs[0].size() / product.outputs[0].size();
    const double flops = cpu::flops_of(product) * static_cast<double>(matrices);
    const std::int64_t most = flops < 0.4e6 ? 1 : flops < 8e6 ? 2 : 16;
    Choice choice{.shards = static_cast<int>(std::min(matrices, most))};
    if (packs_b(product.inputs[1])) {
      choice.scratch_bytes = static_cast<std::size_t>(product.inputs[1].size()) * sizeof(float);
    }
    return choice;
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<StacksKernel>(call, choice);
  }

 private:
  // b [K, N] to rows.
  void pack(const float* b, float* to) const {
    const std::int64_t K = b_.shape()[0], N = b_.shape()[1];
    const std::int64_t row = b_.layout.strides[0], column = b_.layout.strides[1];
    for (std::int64_t n = 0; n < N; ++n) {
      for (std::int64_t k = 0; k < K; ++k) to[k * N + n] = b[k * row + n * column];
    }
  }

  cpu::MatrixEpilogue epilogue_;
  View a_;  // one matrix of each
  View b_;
  std::vector<std::int64_t> offsets_a_, offsets_b_;
  int shards_;
};

}  // namespace

extern const KernelDef matmul_stacks_highway{.op = "matmul",
                                             .backend = "highway",
                                             .supports = supports,
                                             .choose = StacksKernel::choose,
                                             .bind = StacksKernel::bind,
                                             .error = ErrorBound::sum("K, and 1 with a bias", "sum |a b|")};

}  // namespace retrograd::kernels
