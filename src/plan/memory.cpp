// Greedy placement of blocks by size.
#include "plan/memory.h"

#include <algorithm>
#include <numeric>

namespace retrograd::plan {
namespace {

constexpr std::size_t alignment = 64;

std::size_t rounded(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

bool overlap_in_time(const Block& a, const Block& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

std::size_t lay_out(std::vector<Block>& blocks) {
  std::vector<std::size_t> by_size(blocks.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](std::size_t a, std::size_t b) { return blocks[a].bytes > blocks[b].bytes; });
  std::vector<const Block*> placed;  // by offset
  std::size_t total = 0;
  for (std::size_t i : by_size) {
    Block& block = blocks[i];
    std::size_t offset = 0;
    for (const Block* other : placed) {
      if (!overlap_in_time(block, *other)) continue;
      if (offset + rounded(block.bytes) <= other->offset) break;
      offset = std::max(offset, other->offset + rounded(other->bytes));
    }
    block.offset = offset;
    total = std::max(total, offset + rounded(block.bytes));
    const auto place = std::upper_bound(placed.begin(), placed.end(), &block,
                                        [](const Block* a, const Block* b) { return a->offset < b->offset; });
    placed.insert(place, &block);
  }
  return total;
}

std::size_t most_alive(const std::vector<Block>& blocks) {
  int last = 0;
  for (const Block& block : blocks) last = std::max(last, block.last);
  std::vector<std::ptrdiff_t> change(static_cast<std::size_t>(last) + 2, 0);
  for (const Block& block : blocks) {
    change[static_cast<std::size_t>(block.first)] += static_cast<std::ptrdiff_t>(rounded(block.bytes));
    change[static_cast<std::size_t>(block.last) + 1] -= static_cast<std::ptrdiff_t>(rounded(block.bytes));
  }
  std::ptrdiff_t alive = 0;
  std::ptrdiff_t most = 0;
  for (std::ptrdiff_t step : change) most = std::max(most, alive += step);
  return static_cast<std::size_t>(most);
}

}  // namespace retrograd::plan
