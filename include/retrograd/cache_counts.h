// How often a cache of plans had what was asked for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retrograd {

struct CacheCounts {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;     // plans made
  std::uint64_t evictions = 0;  // plans dropped to make room
  std::size_t held = 0;         // plans that wait for a call
  std::size_t capacity = 0;
};

}  // namespace retrograd
