// cast of contiguous arrays between f32 and i32, bool or bf16, and from u8 to f32. Other pairs are left to
// the reference kernel.
#include "kernels/cpu/convert_loop.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  return call.epilogue.empty() && call.inputs[0].is_contiguous() &&
         cpu::convert_function(call.inputs[0].dtype, call.outputs[0].dtype) != nullptr;
}

Choice choose(const Call& call) { return {.shards = cpu::shards_for(call.outputs[0].size())}; }

void cast(const Call& call, const Operands& operands, int shard, int shards) {
  const View& x = call.inputs[0];
  const View& y = call.outputs[0];
  const cpu::Range range = cpu::range_of(y.size(), shard, shards);
  cpu::convert_function(x.dtype, y.dtype)(
      operands.inputs[0] + range.begin * static_cast<std::int64_t>(size_of(x.dtype)),
      operands.outputs[0] + range.begin * static_cast<std::int64_t>(size_of(y.dtype)),
      static_cast<std::size_t>(range.size()));
}

}  // namespace

extern const KernelDef cast_highway{.op = "cast",
                                    .backend = "highway",
                                    .supports = supports,
                                    .choose = choose,
                                    .bind = FunctionKernel<cast>::bind,
                                    .error = ErrorBound::in_ulps(0.5)};

}  // namespace retrograd::kernels
