// Elements of `value` in front of each axis, behind it and between each two of its elements.
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Pad {
  std::vector<std::int64_t> low;
  std::vector<std::int64_t> high;
  std::vector<std::int64_t> interior;
  double value = 0.0;
  template <class F>
  void fields(F& f) const {
    f("low", low);
    f("high", high);
    f("interior", interior);
    f("value", value);
  }
};

}  // namespace retrograd::attributes
