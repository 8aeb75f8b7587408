// cross_entropy_with_logits in f32, one pass over the logits: logits [N, K], labels [N] -> loss [N]. Of any
// layout, as a composite is kept whole before layouts are known.
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
  Choice choice;
  choice.shards = static_cast<int>(std::min<std::int64_t>(cpu::shards_for(logits.size()), logits.shape()[0]));
  if (!logits.is_contiguous()) {
    choice.scratch_bytes = static_cast<std::size_t>(logits.shape()[1]) * sizeof(float);
  }
  return choice;
}

// Rows [begin, begin + rows) of contiguous logits x [rows, K].
void losses(const float* x, const cpu::Indices& labels, std::int64_t begin, std::int64_t rows, float* loss) {
  float largest[most_rows];
  float log_sum[most_rows];
  const std::int64_t K = labels.count;
  cpu::log_sums(x, rows, K, largest, log_sum);
  for (std::int64_t n = 0; n < rows; ++n) {
    loss[begin + n] = -(x[n * K + labels.clamped(begin + n)] - largest[n] - log_sum[n]);
  }
}

void run(const Call& call, const Operands& operands, int shard, int shards) {
  const View& logits = call.inputs[0];
  const std::int64_t N = logits.shape()[0];
  const std::int64_t K = logits.shape()[1];
  const cpu::Indices labels{operands.inputs[1], call.inputs[1].dtype == DType::i64,
                            call.inputs[1].layout.strides[0], K};
  if (shard == 0) labels.check(N, operands.fault);
  const cpu::Range range = cpu::range_of(N, shard, shards, 1);
  float* row = reinterpret_cast<float*>(operands.scratch);
  for (std::int64_t n = range.begin; n < range.end;) {
    if (logits.is_contiguous()) {
      const std::int64_t rows = std::min(range.end - n, most_rows);
      losses(operands.in<float>(0) + n * K, labels, n, rows, operands.out<float>());
      n += rows;
    } else {
      cpu::gather(operands.in<float>(0), logits.layout, n * K, K, row);
      losses(row, labels, n++, 1, operands.out<float>());
    }
  }
}

}  // namespace

extern const KernelDef cross_entropy_with_logits_highway{.op = "cross_entropy_with_logits",
                                                         .backend = "highway",
                                                         .supports = supports,
                                                         .choose = choose,
                                                         .bind = FunctionKernel<run>::bind,
                                                         .error = log_softmax_error};

}  // namespace retrograd::kernels
