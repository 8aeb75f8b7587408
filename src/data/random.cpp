// Shuffling.
#include "data/random.h"

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

void shuffle(std::span<std::int64_t> values, RandomWords& random) {
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[random.below(left)]);
  }
}

void make_order(std::uint64_t seed, std::int64_t epoch, std::int64_t n, std::vector<std::int64_t>& order) {
  order.resize(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomWords random(seed, Purpose::order, static_cast<std::uint64_t>(epoch));
  shuffle(order, random);
}

}  // namespace retrograd::data
