// Sums and maxima of runs of elements.
#include "kernels/cpu/chain_end.h"

#include <algorithm>

namespace retrograd::kernels::cpu {
namespace {

constexpr std::int64_t most_columns = 8192;  // of partial results

// Over columns with enough rows, each shard has rows of its own.
bool has_own_rows(const ChainEnd& end, int shards) {
  return !end.op.empty() && !end.over_rows && end.rows > 1 && end.rows >= shards;
}

Reduction reduction_of(const Call& call) { return call.end.op == "max" ? max_reduction() : sum_reduction(); }

}  // namespace

bool ChainReduction::supports(const Call& call) {
  const ChainEnd& end = call.end;
  if (end.op.empty()) return true;
  if (call.outputs[static_cast<std::size_t>(end.output)].dtype != DType::f32 || end.shape.size() == 0)
    return false;
  if (end.over_rows) return end.rows > 1 && end.columns <= most_columns;
  return end.columns > 1 && (end.rows == 1 || end.rows >= 16);
}

Choice ChainReduction::choose(const Call& call, int shards) {
  const ChainEnd& end = call.end;
  if (end.op.empty() || shards == 1 || has_own_rows(end, shards)) return {.shards = shards};
  const std::size_t each =
      end.over_rows ? static_cast<std::size_t>(end.columns) * sizeof(float) : sizeof(double);
  return {.shards = shards, .shards_after = 1, .workspace_bytes = each * static_cast<std::size_t>(shards)};
}

ChainReduction::ChainReduction(const Call& call, const Choice& choice)
    : end_(call.end),
      reduction_(reduction_of(call)),
      shards_(choice.shards),
      own_rows_(has_own_rows(end_, choice.shards)) {}

ChainReduction::Part ChainReduction::begin(const Operands& operands, int shard) const noexcept {
  if (end_.op.empty()) return {};
  Part part{.y = operands.out<float>(static_cast<std::size_t>(end_.output)), .total = reduction_.identity};
  if (end_.over_rows) {
    part.columns =
        shards_ == 1 ? part.y : reinterpret_cast<float*>(operands.workspace) + shard * end_.columns;
    std::fill_n(part.columns, end_.columns, static_cast<float>(reduction_.identity));
  } else if (!own_rows_ && shards_ > 1) {
    part.partial = reinterpret_cast<double*>(operands.workspace) + shard;
  }
  return part;
}

void ChainReduction::add(Part& part, const float* x, std::int64_t at, std::int64_t count) const noexcept {
  const std::int64_t columns = end_.columns;
  while (count > 0) {
    const std::int64_t column = at % columns;
    std::int64_t taken = std::min(count, columns - column);
    if (end_.over_rows) {
      const std::int64_t rows = column == 0 ? std::max<std::int64_t>(count / columns, 1) : 1;
      if (rows > 1) taken = rows * columns;
      reduction_.columns(x, columns, rows, part.columns + column, std::min(taken, columns), true);
    } else {
      part.total = reduction_.combine(part.total, static_cast<double>(reduction_.row(x, taken)));
      if (own_rows_ && column + taken == columns) {
        part.y[at / columns] = static_cast<float>(part.total);
        part.total = reduction_.identity;
      }
    }
    x += taken;
    at += taken;
    count -= taken;
  }
}

void ChainReduction::finish(const Part& part) const noexcept {
  if (end_.op.empty() || end_.over_rows || own_rows_) return;
  if (part.partial != nullptr) {
    *part.partial = part.total;
  } else {
    *part.y = static_cast<float>(part.total);
  }
}

void ChainReduction::combine(const Operands& operands) const noexcept {
  float* y = operands.out<float>(static_cast<std::size_t>(end_.output));
  if (end_.over_rows) {
    reduction_.columns(reinterpret_cast<const float*>(operands.workspace), end_.columns, shards_, y,
                       end_.columns, false);
    return;
  }
  const double* partials = reinterpret_cast<const double*>(operands.workspace);
  double total = reduction_.identity;
  for (int shard = 0; shard < shards_; ++shard) total = reduction_.combine(total, partials[shard]);
  *y = static_cast<float>(total);
}

}  // namespace retrograd::kernels::cpu
