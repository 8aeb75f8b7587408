// convolution_weight_gradient in f32 by oneDNN, also of bf16 where the processor multiplies it, on images
// with the channels last. Each shard does a part of the batch into a buffer of its own; then the buffers are
// added in their order and brought to row-major order.
#include "kernels/cpu/onednn_convolution.h"
#include "kernels/cpu/shard_sums.h"

namespace retrograd::kernels {
namespace {

using onednn::Convolution;
using onednn::Desc;

constexpr std::size_t most_bytes = std::size_t{32} << 20;  // of all buffers

Convolution convolution_of(const Call& call) {
  return Convolution::of(call, call.inputs[0], call.outputs[0], call.inputs[1]);
}

// As many as the buffers' memory allows.
int shards_of(const Convolution& c) {
  const auto bytes = static_cast<std::size_t>(c.weights_size()) * sizeof(float);
  int shards = c.shards();
  while (shards > 1 && bytes * static_cast<std::size_t>(shards) > most_bytes) shards /= 2;
  return shards;
}

bool supports(const Call& call) {
  if (!call.epilogue.empty() || !onednn::is_plain(call)) return false;
  try {
    const Convolution c = convolution_of(call);
    const auto large = c.weight_gradient(c.largest_part(shards_of(c)));
    const auto small = c.weight_gradient(c.smallest_part(shards_of(c)));
    return !onednn::is_reference(large.impl_info_str()) && !onednn::is_reference(small.impl_info_str()) &&
           large.diff_weights_desc() == small.diff_weights_desc();  // all buffers have one order
  } catch (const dnnl::error&) {
    return false;  // oneDNN has no such convolution
  }
}

Choice choose(const Call& call) {
  const Convolution c = convolution_of(call);
  Choice choice{.shards = shards_of(c), .shards_after = 1};
  for (int shard = 0; shard < choice.shards; ++shard) {
    const auto described = c.weight_gradient(cpu::range_of(c.N, shard, choice.shards, 1).size());
    choice.scratch_bytes = std::max(choice.scratch_bytes, described.scratchpad_desc().get_size());
    const std::size_t bytes = onednn::aligned(described.diff_weights_desc().get_size());
    choice.workspace_bytes =
        std::max(choice.workspace_bytes, bytes * static_cast<std::size_t>(choice.shards));
  }
  return choice;
}

class WeightGradientKernel final : public BoundKernel {
 public:
  WeightGradientKernel(const Call& call, const Choice& choice)
      : call_(call), c_(convolution_of(call)), buffer_(buffer_desc()), reorder_(make_reorder()) {
    for (int shard = 0; shard < choice.shards; ++shard) {
      const cpu::Range part = cpu::range_of(c_.N, shard, choice.shards, 1);
      const auto described = c_.weight_gradient(part.size());
      const onednn::SingleThreaded alone;
      Shard made{part, onednn::PreparedCall(dnnl::convolution_backward_weights(described))};
      made.call.add(DNNL_ARG_SRC, c_.image_desc(part.size()));
      made.call.add(DNNL_ARG_DIFF_DST, c_.places_desc(part.size()));
      made.call.add(DNNL_ARG_DIFF_WEIGHTS, described.diff_weights_desc());
      made.call.add(DNNL_ARG_SCRATCHPAD, described.scratchpad_desc());
      shards_.push_back(std::move(made));
    }
  }

  void run(const Operands& operands, int shard) noexcept override {
    const onednn::SingleThreaded alone;
    if (operands.phase == 0) {
      auto& [part, call] = shards_[static_cast<std::size_t>(shard)];
      call.set(0, onednn::element(operands.inputs[0], call_.inputs[0], part.begin * c_.image_size()));
      call.set(1, onednn::element(operands.inputs[1], call_.inputs[1], part.begin * c_.places_size()));
      call.set(2, buffer(operands, shard));
      call.set(3, operands.scratch);
      call.run();
      return;
    }
    add_up_(buffer(operands, 0), static_cast<int>(shards_.size()), stride() / sizeof(float),
            buffer_.get_size() / sizeof(float));
    reorder_.set(0, operands.workspace);
    reorder_.set(1, operands.outputs[0]);
    reorder_.run();
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<WeightGradientKernel>(call, choice);
  }

 private:
  struct Shard {
    cpu::Range part;
    onednn::PreparedCall call;
  };

  Desc buffer_desc() const { return c_.weight_gradient(c_.largest_part(shards_of(c_))).diff_weights_desc(); }

  onednn::PreparedCall make_reorder() const {
    const onednn::SingleThreaded alone;
    const dnnl::reorder::primitive_desc described(onednn::engine(), buffer_, onednn::engine(),
                                                  c_.plain_weights());
    onednn::PreparedCall made{dnnl::reorder(described)};
    made.add(DNNL_ARG_FROM, buffer_);
    made.add(DNNL_ARG_TO, c_.plain_weights());
    return made;
  }

  float* buffer(const Operands& operands, int shard) const {
    return reinterpret_cast<float*>(operands.workspace + stride() * static_cast<std::size_t>(shard));
  }
  std::size_t stride() const { return onednn::aligned(buffer_.get_size()); }  // bytes

  const Call& call_;
  const cpu::ShardSums add_up_;
  Convolution c_;
  Desc buffer_;
  onednn::PreparedCall reorder_;
  std::vector<Shard> shards_;
};

}  // namespace

extern const KernelDef convolution_weight_gradient_onednn{
    .op = "convolution_weight_gradient",
    .backend = "onednn",
    .supports = supports,
    .choose = choose,
    .bind = WeightGradientKernel::bind,
    .error = ErrorBound::sum("the products in one sum", "sum |x dy|")};

}  // namespace retrograd::kernels
