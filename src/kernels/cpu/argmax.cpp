// argmax in f32 along the last axis of a contiguous input: x [N, K] -> y [N] in i32. Other axes are left to
// the reference kernel.
#include "core/attributes/argmax.h"

#include <algorithm>
#include <limits>

#include "kernels/cpu/ranges.h"
#include "kernels/cpu/reduce_loop.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  const View& x = call.inputs[0];
  return call.epilogue.empty() && x.dtype == DType::f32 && x.is_contiguous() && x.size() > 0 &&
         call.attributes.as<attributes::Argmax>().axis == x.shape().rank() - 1;
}

Choice choose(const Call& call) {
  const std::int64_t N = call.outputs[0].size();
  return {.shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(call.inputs[0].size()), N))};
}

void argmax(const Call& call, const Operands& operands, int shard, int shards) {
  const std::int64_t N = call.outputs[0].size();
  const std::int64_t K = call.inputs[0].size() / N;
  const cpu::Range rows = cpu::range_of(N, shard, shards, 1);
  for (std::int64_t n = rows.begin; n < rows.end; ++n) {
    const std::int64_t k = cpu::first_largest(operands.in<float>(0) + n * K, K);
    operands.out<std::int32_t>()[n] = static_cast<std::int32_t>(k);
  }
}

}  // namespace

extern const KernelDef argmax_highway{.op = "argmax",
                                      .backend = "highway",
                                      .supports = supports,
                                      .choose = choose,
                                      .bind = FunctionKernel<argmax>::bind,
                                      .error = ErrorBound::exact()};

}  // namespace retrograd::kernels
