// Where values lie: offsets in one arena, given their sizes and lifetimes.
#pragma once

#include <cstddef>
#include <vector>

namespace retrograd::plan {

// A block of the arena, alive from step `first` to step `last`, both included.
struct Block {
  std::size_t bytes = 0;
  int first = 0;
  int last = 0;
  std::size_t offset = 0;
};

// Gives every block an offset, a multiple of 64, such that no two alive at one step overlap; larger blocks
// first, each at the lowest place free. Returns the bytes of the arena.
std::size_t lay_out(std::vector<Block>& blocks);

// The most bytes that are alive at one step: no arena can be smaller.
std::size_t most_alive(const std::vector<Block>& blocks);

}  // namespace retrograd::plan
