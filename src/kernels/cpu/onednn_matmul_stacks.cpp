// Products of stacks of large matrices in f32 by oneDNN, of f32, or of bf16 where the processor multiplies
// it: a [..., M, K], b [..., K, N] -> y [..., M, N], with bias and activation. Each shard takes some of the
// matrices, one call each. Stacks of small matrices are served by matmul_stacks.cpp before this one.
#include <algorithm>

#include "kernels/cpu/onednn.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/stacks.h"

namespace retrograd::kernels {
namespace {

using Desc = dnnl::memory::desc;

dnnl::matmul::primitive_desc describe(const Call& product) {
  const cpu::MatrixStrides a = *cpu::matrix_strides(product.inputs[0]);
  const cpu::MatrixStrides b = *cpu::matrix_strides(product.inputs[1]);
  const std::int64_t M = product.outputs[0].shape()[0];
  const std::int64_t N = product.outputs[0].shape()[1];
  const std::int64_t K = product.inputs[0].shape()[1];
  const auto f32 = dnnl::memory::data_type::f32;
  const Desc a_desc({M, K}, onednn::type_of(product.inputs[0]), dnnl::memory::dims{a.row, a.column});
  const Desc b_desc({K, N}, onednn::type_of(product.inputs[1]), dnnl::memory::dims{b.row, b.column});
  const Desc y_desc({M, N}, f32, dnnl::memory::dims{N, 1});
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const onednn::SingleThreaded alone;
  if (cpu::MatrixEpilogue::of(product)->bias >= 0) {
    const Desc bias_desc({1, N}, f32, dnnl::memory::dims{N, 1});
    return {dnnl::matmul::desc(a_desc, b_desc, bias_desc, y_desc), attributes, onednn::engine()};
  }
  return {dnnl::matmul::desc(a_desc, b_desc, y_desc), attributes, onednn::engine()};
}

// Products of bf16 only where oneDNN has more than plain loops.
bool supports(const Call& call) {
  const bool in_f32 = cpu::is_product_of_stacks(call, DType::f32);
  if (!in_f32 && !(onednn::multiplies_bf16() && cpu::is_product_of_stacks(call, DType::bf16))) return false;
  const Call product = cpu::product_of_matrices(call);
  if (!cpu::matrix_strides(product.inputs[0]) || !cpu::matrix_strides(product.inputs[1])) return false;
  try {
    return in_f32 || !onednn::is_reference(describe(product).impl_info_str());
  } catch (const dnnl::error&) {
    return false;  // oneDNN has no such product
  }
}

class OnednnStacksKernel final : public BoundKernel {
 public:
  OnednnStacksKernel(const Call& call, const Choice& choice)
      : call_(call),
        epilogue_(*cpu::MatrixEpilogue::of(call)),
        offsets_a_(cpu::matrix_offsets(call.inputs[0])),
        offsets_b_(cpu::matrix_offsets(call.inputs[1])),
        shards_(choice.shards) {
    const Call product = cpu::product_of_matrices(call);
    M_ = product.outputs[0].shape()[0];
    N_ = product.outputs[0].shape()[1];
    const dnnl::matmul::primitive_desc described = describe(product);
    const onednn::SingleThreaded alone;
    for (int shard = 0; shard < choice.shards; ++shard) {
      onednn::PreparedCall made{dnnl::matmul(described)};
      made.add(DNNL_ARG_SRC, described.src_desc());
      made.add(DNNL_ARG_WEIGHTS, described.weights_desc());
      made.add(DNNL_ARG_DST, described.dst_desc());
      made.add(DNNL_ARG_SCRATCHPAD, described.scratchpad_desc());
      if (epilogue_.bias >= 0) made.add(DNNL_ARG_BIAS, described.bias_desc());
      calls_.push_back(std::move(made));
    }
  }

  void run(const Operands& operands, int shard) noexcept override {
    const onednn::SingleThreaded alone;
    onednn::PreparedCall& call = calls_[static_cast<std::size_t>(shard)];
    const cpu::Range range = cpu::range_of(static_cast<std::int64_t>(offsets_a_.size()), shard, shards_, 1);
    for (std::int64_t i = range.begin; i < range.end; ++i) {
      float* y = operands.out<float>() + i * M_ * N_;
      const auto at = static_cast<std::size_t>(i);
      call.set(0, onednn::element(operands.inputs[0], call_.inputs[0], offsets_a_[at]));
      call.set(1, onednn::element(operands.inputs[1], call_.inputs[1], offsets_b_[at]));
      call.set(2, y);
      call.set(3, operands.scratch);
      if (const float* bias = epilogue_.bias_row(operands)) call.set(4, bias);
      call.run();
      epilogue_.activate(y, M_, N_, N_);
    }
  }

  static Choice choose(const Call& call) {
    const Call product = cpu::product_of_matrices(call);
    const std::int64_t matrices = call.outputs[0].size() / product.outputs[0].size();
    return {.shards = static_cast<int>(std::min<std::int64_t>(matrices, 16)),
            .scratch_bytes = describe(product).scratchpad_desc().get_size()};
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<OnednnStacksKernel>(call, choice);
  }

 private:
  const Call& call_;
  cpu::MatrixEpilogue epilogue_;
  std::vector<std::int64_t> offsets_a_, offsets_b_;
  std::int64_t M_ = 0;
  std::int64_t N_ = 0;
  std::vector<onednn::PreparedCall> calls_;
  int shards_;
};

}  // namespace

extern const KernelDef matmul_stacks_onednn{.op = "matmul",
                                            .backend = "onednn",
                                            .supports = supports,
                                            .choose = OnednnStacksKernel::choose,
                                            .bind = OnednnStacksKernel::bind,
                                            .error = ErrorBound::sum("K, and 1 with a bias", "sum |a b|")};

}  // namespace retrograd::kernels
