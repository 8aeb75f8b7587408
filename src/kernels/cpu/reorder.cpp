// reorder: a strided value into row-major storage, row by row; a plan puts it where the channels of an image
// move.
#include "core/strided_copy.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"
#include "kernels/kernel.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) { return call.epilogue.empty() && call.outputs[0].shape().rank() > 0; }

Choice choose(const Call& call) {
  const std::int64_t first = std::max<std::int64_t>(call.outputs[0].shape()[0], 1);
  return {.shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(call.outputs[0].size()), first))};
}

void reorder(const Call& call, const Operands& operands, int shard, int shards) {
  Layout part = call.inputs[0].layout;
  const cpu::Range range = cpu::range_of(part.shape[0], shard, shards, 1);
  if (range.size() == 0) return;
  const auto bytes = static_cast<std::int64_t>(size_of(call.outputs[0].dtype));
  const std::int64_t row = part.shape.size() / part.shape[0];
  part.shape[0] = range.size();
  strided_copy(part, operands.inputs[0] + range.begin * part.strides[0] * bytes,
               operands.outputs[0] + range.begin * row * bytes, static_cast<std::size_t>(bytes));
}

}  // namespace

extern const KernelDef reorder_cpu{.op = "reorder",
                                   .backend = "copy",
                                   .supports = supports,
                                   .choose = choose,
                                   .bind = FunctionKernel<reorder>::bind,
                                   .error = ErrorBound::exact()};

}  // namespace retrograd::kernels
