// The reduction at the end of a chain, fed with runs of elements in their order. Where each shard has rows of
// its own, or is the only one, results are written at once; else each shard leaves a partial result in the
// workspace and a second phase combines them in the order of shards. Not here: reductions on their own
// (reduce.cpp).
#pragma once

#include <cstdint>

#include "kernels/cpu/reduce_loop.h"
#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

class ChainReduction {
 public:
  // What one shard has so far.
  struct Part {
    float* y = nullptr;         // the results
    float* columns = nullptr;   // over rows: the sums of this shard
    double* partial = nullptr;  // of all elements: where this shard's result goes
    double total = 0;           // of the row at hand, or of all
  };

  static bool supports(const Call& call);
  // Of a call whose links would be cut into `shards`.
  static Choice choose(const Call& call, int shards);

  ChainReduction(const Call& call, const Choice& choice);

  int link() const { return end_.link; }
  // Shards begin at multiples of so many elements.
  std::int64_t step() const { return own_rows_ ? end_.columns : 16; }

  Part begin(const Operands& operands, int shard) const noexcept;
  // The elements x[0..count), which stand at `at` in row-major order.
  void add(Part& part, const float* x, std::int64_t at, std::int64_t count) const noexcept;
  void finish(const Part& part) const noexcept;
  // The second phase.
  void combine(const Operands& operands) const noexcept;

 private:
  ChainEnd end_;
  Reduction reduction_;
  int shards_;
  bool own_rows_;  // shards have whole rows
};

}  // namespace retrograd::kernels::cpu
