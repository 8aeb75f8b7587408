// one_hot: indices [N], evenly spaced -> y [N, C] of any dtype.
#include "core/attributes/one_hot.h"

#include <algorithm>
#include <cstring>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"

namespace retrograd::kernels {
namespace {

bool supports(const Call& call) {
  return call.epilogue.empty() && call.inputs[0].is_contiguous() && call.outputs[0].dtype != DType::bf16;
}

Choice choose(const Call& call) {
  const std::int64_t N = std::max<std::int64_t>(call.inputs[0].size(), 1);
  return {.shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(call.outputs[0].size()), N))};
}

template <typename T>
void set_ones(const cpu::Indices& indices, cpu::Range range, std::byte* y) {
  T* ones = reinterpret_cast<T*>(y);
  for (std::int64_t n = range.begin; n < range.end; ++n) ones[n * indices.count + indices.clamped(n)] = T{1};
}

void one_hot(const Call& call, const Operands& operands, int shard, int shards) {
  const std::int64_t N = call.inputs[0].size();
  const std::int64_t C = call.attributes.as<attributes::OneHot>().classes;
  const DType dtype = call.outputs[0].dtype;
  const cpu::Indices indices{operands.inputs[0], call.inputs[0].dtype == DType::i64, 1, C};
  if (shard == 0) indices.check(N, operands.fault);
  const cpu::Range range = cpu::range_of(N, shard, shards, 1);
  if (range.size() == 0) return;
  std::byte* y = operands.outputs[0];
  const std::int64_t row_bytes = C * static_cast<std::int64_t>(size_of(dtype));
  std::memset(y + range.begin * row_bytes, 0, static_cast<std::size_t>(range.size() * row_bytes));
  if (dtype == DType::f32) set_ones<float>(indices, range, y);
  if (dtype == DType::f64) set_ones<double>(indices, range, y);
  if (dtype == DType::i32) set_ones<std::int32_t>(indices, range, y);
  if (dtype == DType::i64) set_ones<std::int64_t>(indices, range, y);
  if (dtype == DType::u8 || dtype == DType::boolean) set_ones<std::uint8_t>(indices, range, y);
}

}  // namespace

extern const KernelDef one_hot_cpu{.op = "one_hot",
                                   .backend = "cpu",
                                   .supports = supports,
                                   .choose = choose,
                                   .bind = FunctionKernel<one_hot>::bind,
                                   .error = ErrorBound::exact()};

}  // namespace retrograd::kernels
