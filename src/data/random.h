// Random orders of rows: a function of seed, purpose and step alone, the same on every machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/philox.h"

namespace retrograd::data {

// Keeps apart the random numbers of different purposes; far from the ordinals of random ops.
enum class Purpose : std::uint32_t {
  split = 0xFFFFFF00,
  order = 0xFFFFFF01,
  shift = 0xFFFFFF02,
  sample = 0xFFFFFF03,
  permutation = 0xFFFFFF04,
  search = 0xFFFFFF05,
  augmentation = 0xFFFFFF06
};

// Words of Philox, one after the other.
class RandomWords {
 public:
  RandomWords(std::uint64_t seed, Purpose purpose, std::uint64_t step)
      : key_(philox_key(seed)), ordinal_(static_cast<std::uint32_t>(purpose)), step_(step) {}

  std::uint32_t next() {
    if (used_ == 4) {
      words_ = philox(philox_counter(block_++, ordinal_, step_), key_);
      used_ = 0;
    }
    return words_[used_++];
  }
  // Uniform in 0 <= x < n, without bias: words cut to the bits of n - 1, those beyond n left out. n >= 1.
  std::uint64_t below(std::uint64_t n);

 private:
  PhiloxKey key_;
  std::uint32_t ordinal_;
  std::uint64_t step_;
  std::uint32_t block_ = 0;
  PhiloxCounter words_{};
  std::uint32_t used_ = 4;
};

// Fisher and Yates; every order is equally likely.
void shuffle(std::span<std::int64_t> values, RandomWords& random);

// The order in which the rows 0 <= row < n are seen in an epoch. Allocates only where `order` is too small.
void make_order(std::uint64_t seed, std::int64_t epoch, std::int64_t n, std::vector<std::int64_t>& order);

}  // namespace retrograd::data
