// Axis i of the result is axis order[i] of the input (transpose).
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Permutation {
  std::vector<std::int64_t> order;
  template <class F>
  void fields(F& f) const {
    f("order", order);
  }
};

}  // namespace retrograd::attributes
