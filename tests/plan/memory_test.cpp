// Laying out an arena.
#include "plan/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace retrograd::plan {
namespace {

bool collide(const Block& a, const Block& b) {
  const bool in_time = a.first <= b.last && b.first <= a.last;
  const bool in_space = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
  return in_time && in_space;
}

TEST(Arena, BlocksAliveTogetherDoNotOverlap) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<Block> blocks(1 + random() % 40);
    for (Block& block : blocks) {
      block.bytes = random() % 3000;
      block.first = static_cast<int>(random() % 50);
      block.last = block.first + static_cast<int>(random() % 10);
    }
    const std::size_t total = lay_out(blocks);
    EXPECT_GE(total, most_alive(blocks));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(blocks[i].offset % 64, 0u);
      EXPECT_LE(blocks[i].offset + blocks[i].bytes, total);
      for (std::size_t j = i + 1; j < blocks.size(); ++j) {
        EXPECT_FALSE(collide(blocks[i], blocks[j])) << "round " << round;
      }
    }
  }
}

TEST(Arena, AChainNeedsTwoBlocks) {
  std::vector<Block> blocks;
  for (int i = 0; i < 10; ++i) blocks.push_back({.bytes = 640, .first = i, .last = i + 1});
  EXPECT_EQ(lay_out(blocks), 1280u);
  EXPECT_EQ(most_alive(blocks), 1280u);
}

}  // namespace
}  // namespace retrograd::plan
