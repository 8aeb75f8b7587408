// cross_entropy_with_logits_gradient in f32, one pass over the logits: logits [N, K], labels [N], dy [N] ->
// dlogits [N, K]. Of any layout, as a composite is kept whole before layouts are known.
#include <algorithm>

#include "kernels/cpu/indices.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"
#include "kernels/cpu/softmax_loop.h"

namespace retrograd::kernels {
namespace {

constexpr std::int64_t most_rows = 32;  // at a time

bool supports(const Call& call) {
  return call.epilogue.empty() && call.inputs[0].dtype == DType::f32 && call.inputs[0].size() > 0;
}

Choice choose(const Call& call) {
  const View& logits = call.inputs[0];
  return {.shards =
              static_cast<int>(std::min<std::int64_t>(cpu::shards_for(logits.size()), logits.shape()[0]))};
}

// A row is read before it is written.
bool in_place(const Call& call, std::size_t input) { return input == 0 && call.inputs[0].shape()[1] > 1; }

void run(const Call& call, const Operands& operands, int shard, int shards) {
  const View& logits = call.inputs[0];
  const std::int64_t N = logits.shape()[0];
  const std::int64_t K = logits.shape()[1];
  const std::int64_t dy_stride = call.inputs[2].layout.strides[0];
  const cpu::Indices labels{operands.inputs[1], call.inputs[1].dtype == DType::i64,
                            call.inputs[1].layout.strides[0], K};
  if (shard == 0) labels.check(N, operands.fault);
  const cpu::Range range = cpu::range_of(N, shard, shards, 1);
  std::int64_t label[most_rows];
  float dy[most_rows];
  for (std::int64_t n = range.begin; n < range.end; n += most_rows) {
    const std::int64_t rows = std::min(range.end - n, most_rows);
    float* y = operands.out<float>() + n * K;
    const float* x = operands.in<float>(0) + n * K;
    if (!logits.is_contiguous()) {
      cpu::gather(operands.in<float>(0), logits.layout, n * K, rows * K, y);
      x = y;
    }
    for (std::int64_t r = 0; r < rows; ++r) {
      label[r] = labels.clamped(n + r);
      dy[r] = operands.in<float>(2)[(n + r) * dy_stride];
    }
    cpu::softmax_errors(x, y, rows, K, label, dy);
  }
}

}  // namespace

extern const KernelDef cross_entropy_with_logits_gradient_highway{
    .op = "cross_entropy_with_logits_gradient",
    .backend = "highway",
    .supports = supports,
    .choose = choose,
    .bind = FunctionKernel<run>::bind,
    .error = ErrorBound::sum(softmax_terms, "|dy| (softmax(x) + one_hot)", 1, 14),
    .in_place = in_place};

}  // namespace retrograd::kernels
