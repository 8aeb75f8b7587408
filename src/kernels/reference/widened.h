// A call with bf16 among its operands, made as one in f32: the inputs are widened, the outputs rounded once.
// So the reference kernels know no bf16.
#pragma once

#include <vector>

#include "kernels/kernel.h"

namespace retrograd::kernels::reference {

bool has_bf16(const Call& call);

// One shard, with a workspace for the operands in f32.
Choice choose_widened(const Call& call);

// The call in f32 and its operands, which lie in the workspace.
class Widened {
 public:
  explicit Widened(const Call& call);
  const Call& call() const { return wide_; }
  // The operands of call(), valid until the next widen().
  Operands widen(const Operands& operands);
  // Rounds the outputs.
  void narrow(const Operands& operands) const;

 private:
  const Call& narrow_;
  Call wide_;
  std::vector<const std::byte*> inputs_;
  std::vector<std::byte*> outputs_;
};

// A reference kernel that is a function of the call, for any dtypes.
template <void (*function)(const Call&, const Operands&, int shard, int shards)>
class WidenedKernel final : public BoundKernel {
 public:
  explicit WidenedKernel(const Call& call) : widened_(call) {}
  void run(const Operands& operands, int) noexcept override {
    function(widened_.call(), widened_.widen(operands), 0, 1);
    widened_.narrow(operands);
  }
  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    if (!has_bf16(call)) return FunctionKernel<function>::bind(call, choice);
    return std::make_unique<WidenedKernel>(call);
  }

 private:
  Widened widened_;
};

}  // namespace retrograd::kernels::reference
