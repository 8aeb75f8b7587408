// softmax and log_softmax in f32 along the last axis of a contiguous input: x [N, K] -> y [N, K]. Other axes
// are left to the reference kernel; the cross-entropy is in cross_entropy_with_logits.cpp.
#include <algorithm>

#include "core/attributes/axis.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"
#include "kernels/cpu/softmax_loop.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  const View& x = call.inputs[0];
  return call.epilogue.empty() && x.dtype == DType::f32 && x.is_contiguous() && x.size() > 0 &&
         call.attributes.as<attributes::Axis>().axis == x.shape().rank() - 1;
}

std::int64_t classes(const Call& call) {
  const Shape& shape = call.inputs[0].shape();
  return shape[shape.rank() - 1];
}

Choice choose(const Call& call) {
  const std::int64_t size = call.inputs[0].size();
  return {.shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(size), size / classes(call)))};
}

template <void (*rows)(const float* x, float* y, std::int64_t rows, std::int64_t K)>
void run(const Call& call, const Operands& operands, int shard, int shards) {
  const std::int64_t K = classes(call);
  const cpu::Range range = cpu::range_of(call.inputs[0].size() / K, shard, shards, 1);
  rows(operands.in<float>(0) + range.begin * K, operands.out<float>() + range.begin * K, range.size(), K);
}

}  // namespace

extern const KernelDef softmax_highway{.op = "softmax",
                                       .backend = "highway",
                                       .supports = supports,
                                       .choose = choose,
                                       .bind = FunctionKernel<run<cpu::softmax_rows>>::bind,
                                       .error = softmax_error,
                                       .in_place = any_input_in_place};
extern const KernelDef log_softmax_highway{.op = "log_softmax",
                                           .backend = "highway",
                                           .supports = supports,
                                           .choose = choose,
                                           .bind = FunctionKernel<run<cpu::log_softmax_rows>>::bind,
                                           .error = log_softmax_error,
                                           .in_place = any_input_in_place};

}  // namespace retrograd::kernels
