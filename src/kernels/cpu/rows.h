// How element-wise kernels walk their operands: as [R, C] by rows, where R and C are runs of axes over which
// every operand is contiguous or repeats; and how they are cut into shards.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/kernel.h"

namespace retrograd::kernels::cpu {

struct Rows {
  struct Operand {
    std::int64_t row_stride = 0;  // elements
    bool repeats = false;         // one element along a row
  };
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::vector<Operand> inputs;

  // The walk over `shape` with the longest rows that are possible; nothing where an input fits none.
  static std::optional<Rows> of(const Shape& shape, const std::vector<View>& inputs);

  // Calls f(row, column, count) for the runs of at most `longest` elements that shard `shard` of `shards`
  // covers. Shards begin at multiples of `step` elements; by 16, vectors do not straddle them.
  template <typename F>
  void for_each_run(int shard, int shards, std::int64_t longest, F f, std::int64_t step = 16) const {
    std::int64_t at = border(shard, shards, step);
    const std::int64_t end = border(shard + 1, shards, step);
    while (at < end) {
      const std::int64_t column = at % columns;
      const std::int64_t count = std::min({columns - column, end - at, longest});
      f(at / columns, column, count);
      at += count;
    }
  }

  // Where input `i` begins at (row, column), in elements.
  std::int64_t offset(std::size_t i, std::int64_t row, std::int64_t column) const {
    return row * inputs[i].row_stride + (inputs[i].repeats ? 0 : column);
  }

 private:
  std::int64_t border(int shard, int shards, std::int64_t step) const {
    const std::int64_t total = rows * columns;
    return shard == shards ? total : total * shard / shards / step * step;
  }
};

// 16K elements a shard, at most 16 shards.
int shards_for(std::int64_t elements);

}  // namespace retrograd::kernels::cpu
