// check_finite of a contiguous f32 array: x -> y = x. Each shard notes the first NaN or infinity of its part
// in the workspace, and a second phase takes the first of those, so that it does not depend on threads.
#include <cstring>

#include "kernels/cpu/convert_loop.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  return call.epilogue.empty() && call.inputs[0].dtype == DType::f32 && call.inputs[0].is_contiguous();
}

Choice choose(const Call& call) {
  const int shards = cpu::shards_for(call.inputs[0].size());
  if (shards == 1) return {};
  return {.shards = shards,
          .shards_after = 1,
          .workspace_bytes = static_cast<std::size_t>(shards) * sizeof(std::int64_t)};
}

class CheckFiniteKernel final : public BoundKernel {
 public:
  CheckFiniteKernel(const Call& call, const Choice& choice)
      : size_(call.inputs[0].size()), shards_(choice.shards) {}

  void run(const Operands& operands, int shard) noexcept override {
    auto* first = reinterpret_cast<std::int64_t*>(operands.workspace);  // [shards]
    if (operands.phase == 1) {
      for (int s = 0; s < shards_; ++s) report(first[s], operands.fault);
      return;
    }
    const cpu::Range range = cpu::range_of(size_, shard, shards_);
    const float* x = operands.in<float>(0) + range.begin;
    const auto count = static_cast<std::size_t>(range.size());
    const std::int64_t found = cpu::first_not_finite(x, count);
    const std::int64_t position = found < 0 ? -1 : range.begin + found;
    if (shards_ == 1) {
      report(position, operands.fault);
    } else {
      first[shard] = position;
    }
    float* y = operands.out<float>();  // null where only the check is wanted
    if (y != nullptr && count > 0 && y + range.begin != x)
      std::memcpy(y + range.begin, x, count * sizeof(float));
  }

  static std::unique_ptr<BoundKernel> bind(const Call& call, const Choice& choice) {
    return std::make_unique<CheckFiniteKernel>(call, choice);
  }

 private:
  static void report(std::int64_t position, Fault* fault) {
    if (position >= 0) fault->set(Fault::Kind::not_finite, position);
  }

  std::int64_t size_;
  int shards_;
};

}  // namespace

extern const KernelDef check_finite_highway{.op = "check_finite",
                                            .backend = "highway",
                                            .supports = supports,
                                            .choose = choose,
                                            .bind = CheckFiniteKernel::bind,
                                            .error = ErrorBound::exact(),
                                            .in_place = any_input_in_place};

}  // namespace retrograd::kernels
