// Shuffling.
#include "data/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

namespace retrograd::data {

std::uint64_t RandomWords::below(std::uint64_t n) {
  const int bits = std::bit_width(n - 1);
  if (bits == 0) return 0;
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - bits);
  while (true) {
    std::uint64_t word = next();
    if (bits > 32) word |= static_cast<std::uint64_t>(next()) << 32;
    if ((word & mask) < n) return word & mask;
  }
}

// Places are drawn ahead of the swaps: the memory of many comes at once instead of one after the other.
void shuffle(std::span<std::int64_t> values, RandomWords& random) {
  constexpr std::size_t ahead = 32;
  std::array<std::size_t, ahead> places;
  for (std::size_t left = values.size(); left > 1;) {
    const std::size_t count = std::min(ahead, left - 1);
    for (std::size_t i = 0; i < count; ++i) {
      places[i] = random.below(left - i);
      __builtin_prefetch(&values[places[i]], 1);
    }
    for (std::size_t i = 0; i < count; ++i) std::swap(values[--left], values[places[i]]);
  }
}

void make_order(std::uint64_t seed, std::int64_t epoch, std::int64_t n, std::vector<std::int64_t>& order) {
  order.resize(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomWords random(seed, Purpose::order, static_cast<std::uint64_t>(epoch));
  shuffle(order, random);
}

}  // namespace retrograd::data
