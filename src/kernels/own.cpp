// Hands a call to the function of its own op, inputs copied into row-major order where they are not in it.
#include "kernels/own.h"

#include <limits>

#include "core/strided_copy.h"

namespace retrograd::kernels {
namespace {

std::size_t bytes_of(const View& view) {
  return (static_cast<std::size_t>(view.size()) * size_of(view.dtype) + 63) / 64 * 64;
}

bool supports(const Call& call) { return call.function != nullptr && call.epilogue.empty(); }

Choice choose(const Call& call) {
  Choice choice;
  for (const View& input : call.inputs) {
    if (!input.is_contiguous()) choice.workspace_bytes += bytes_of(input);
  }
  return choice;
}

class OwnKernel final : public BoundKernel {
 public:
  explicit OwnKernel(const Call& call) : call_(call) {
    for (const View& input : call.inputs) inputs_.push_back({input.shape(), input.dtype});
    for (const View& output : call.outputs) outputs_.push_back({output.shape(), output.dtype});
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice&) {
    return std::make_unique<OwnKernel>(call);
  }

  void run(const Operands& operands, int) noexcept override {
    std::byte* copy = operands.workspace;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const View& view = call_.inputs[i];
      inputs_[i].data = const_cast<std::byte*>(operands.inputs[i]);  // given out as const
      if (view.is_contiguous()) continue;
      Layout from = view.layout;
      from.offset = 0;
      strided_copy(from, operands.inputs[i], copy, size_of(view.dtype));
      inputs_[i].data = copy;
      copy += bytes_of(view);
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) outputs_[i].data = operands.outputs[i];
    call_.function({inputs_, outputs_, call_.attributes});
  }

 private:
  const Call& call_;
  std::vector<KernelOperand> inputs_;
  std::vector<KernelOperand> outputs_;
};

}  // namespace

const KernelDef own{.op = "",
                    .backend = "own",
                    .supports = supports,
                    .choose = choose,
                    .bind = OwnKernel::bind,
                    // what the function is within; nothing is known of it
                    .error = ErrorBound::constant_times(std::numeric_limits<double>::infinity(), "1")};

}  // namespace retrograd::kernels
