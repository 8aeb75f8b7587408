// convolution and convolution_input_gradient in f32 by oneDNN, also of bf16 where the processor multiplies
// it, on images with the channels last, with a bias and an activation on the way out. First the weights are
// brought to oneDNN's order, then each shard does a part of the batch. The gradient of the weights is in
// onednn_convolution_weights.cpp.
#include "kernels/cpu/onednn_convolution.h"

namespace retrograd::kernels {
namespace {

using onednn::Convolution;
using onednn::Desc;

// How one direction is described and called.
struct Forward {
  static Convolution of(const Call& call) {
    return Convolution::of(call, call.inputs[0], call.inputs[1], call.outputs[0]);
  }
  static auto describe(const Convolution& c, std::int64_t n, bool bias) { return c.forward(n, bias); }
  static Desc source(const Convolution& c, std::int64_t n) { return c.image_desc(n); }
  static Desc target(const Convolution& c, std::int64_t n) { return c.places_desc(n); }
  static std::int64_t source_size(const Convolution& c) { return c.image_size(); }
  static std::int64_t target_size(const Convolution& c) { return c.places_size(); }
  static std::int64_t channels(const Convolution& c) { return c.O; }
  static constexpr int source_argument = DNNL_ARG_SRC, target_argument = DNNL_ARG_DST;
  static constexpr bool has_bias = true;
  using Primitive = dnnl::convolution_forward;
};

struct InputGradient {
  static Convolution of(const Call& call) {
    return Convolution::of(call, call.outputs[0], call.inputs[1], call.inputs[0]);
  }
  static auto describe(const Convolution& c, std::int64_t n, bool) { return c.input_gradient(n); }
  static Desc source(const Convolution& c, std::int64_t n) { return c.places_desc(n); }
  static Desc target(const Convolution& c, std::int64_t n) { return c.image_desc(n); }
  static std::int64_t source_size(const Convolution& c) { return c.places_size(); }
  static std::int64_t target_size(const Convolution& c) { return c.image_size(); }
  static std::int64_t channels(const Convolution& c) { return c.C; }
  static constexpr int source_argument = DNNL_ARG_DIFF_DST, target_argument = DNNL_ARG_DIFF_SRC;
  static constexpr bool has_bias = false;
  using Primitive = dnnl::convolution_backward_data;
};

template <typename D>
bool supports(const Call& call) {
  const auto epilogue = cpu::MatrixEpilogue::of(call);
  if (!onednn::is_plain(call) || !epilogue || (epilogue->bias >= 0 && !D::has_bias)) return false;
  const Convolution c = D::of(call);
  try {
    const auto large = D::describe(c, c.largest_part(c.shards()), epilogue->bias >= 0);
    const auto small = D::describe(c, c.smallest_part(c.shards()), epilogue->bias >= 0);
    return !onednn::is_reference(large.impl_info_str()) && !onednn::is_reference(small.impl_info_str()) &&
           large.weights_desc() == small.weights_desc();  // one reorder serves all shards
  } catch (const dnnl::error&) {
    return false;  // oneDNN has no such convolution
  }
}

template <typename D>
Choice choose(const Call& call) {
  const Convolution c = D::of(call);
  const bool bias = cpu::MatrixEpilogue::of(call)->bias >= 0;
  Choice choice{.shards = 1, .shards_after = c.shards()};
  for (int shard = 0; shard < choice.shards_after; ++shard) {
    const auto described = D::describe(c, cpu::range_of(c.N, shard, choice.shards_after, 1).size(), bias);
    choice.scratch_bytes = std::max(choice.scratch_bytes, described.scratchpad_desc().get_size());
    choice.workspace_bytes = std::max(choice.workspace_bytes, described.weights_desc().get_size());
  }
  return choice;
}

template <typename D>
class ConvolutionKernel final : public BoundKernel {
 public:
  ConvolutionKernel(const Call& call, const Choice& choice)
      : call_(call),
        c_(D::of(call)),
        epilogue_(*cpu::MatrixEpilogue::of(call)),
        reorder_(make_reorder(call)) {
    for (int shard = 0; shard < choice.shards_after; ++shard) {
      const cpu::Range part = cpu::range_of(c_.N, shard, choice.shards_after, 1);
      const auto described = D::describe(c_, part.size(), epilogue_.bias >= 0);
      const onednn::SingleThreaded alone;
      Shard made{part, onednn::PreparedCall(typename D::Primitive(described))};
      made.call.add(D::source_argument, D::source(c_, part.size()));
      made.call.add(DNNL_ARG_WEIGHTS, described.weights_desc());
      made.call.add(D::target_argument, D::target(c_, part.size()));
      made.call.add(DNNL_ARG_SCRATCHPAD, described.scratchpad_desc());
      if (epilogue_.bias >= 0) made.call.add(DNNL_ARG_BIAS, c_.bias_desc());
      shards_.push_back(std::move(made));
    }
  }

  void run(const Operands& operands, int shard) noexcept override {
    const onednn::SingleThreaded alone;
    if (operands.phase == 0) {
      reorder_.set(0, operands.inputs[1]);
      reorder_.set(1, operands.workspace);
      reorder_.run();
      return;
    }
    auto& [part, call] = shards_[static_cast<std::size_t>(shard)];
    float* y = operands.out<float>() + part.begin * D::target_size(c_);
    call.set(0, onednn::element(operands.inputs[0], call_.inputs[0], part.begin * D::source_size(c_)));
    call.set(1, operands.workspace);
    call.set(2, y);
    call.set(3, operands.scratch);
    if (const float* bias = epilogue_.bias_row(operands)) call.set(4, bias);
    call.run();
    epilogue_.activate(y, part.size() * D::target_size(c_) / D::channels(c_), D::channels(c_),
                       D::channels(c_));
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<ConvolutionKernel>(call, choice);
  }

 private:
  struct Shard {
    cpu::Range part;
    onednn::PreparedCall call;
  };

  static onednn::PreparedCall make_reorder(const Call& call) {
    const Convolution c = D::of(call);
    const Desc to =
        D::describe(c, c.largest_part(c.shards()), cpu::MatrixEpilogue::of(call)->bias >= 0).weights_desc();
    const onednn::SingleThreaded alone;
    const dnnl::reorder::primitive_desc described(onednn::engine(), c.plain_weights(), onednn::engine(), to);
    onednn::PreparedCall made{dnnl::reorder(described)};
    made.add(DNNL_ARG_FROM, c.plain_weights());
    made.add(DNNL_ARG_TO, to);
    return made;
  }

  const Call& call_;
  Convolution c_;
  cpu::MatrixEpilogue epilogue_;
  onednn::PreparedCall reorder_;
  std::vector<Shard> shards_;
};

}  // namespace

extern const KernelDef convolution_onednn{
    .op = "convolution",
    .backend = "onednn",
    .supports = supports<Forward>,
    .choose = choose<Forward>,
    .bind = ConvolutionKernel<Forward>::bind,
    .error = ErrorBound::sum("the products in one sum, and 1 with a bias", "sum |x w|")};
extern const KernelDef convolution_input_gradient_onednn{
    .op = "convolution_input_gradient",
    .backend = "onednn",
    .supports = supports<InputGradient>,
    .choose = choose<InputGradient>,
    .bind = ConvolutionKernel<InputGradient>::bind,
    .error = ErrorBound::sum("the products in one sum", "sum |dy w|")};

}  // namespace retrograd::kernels
