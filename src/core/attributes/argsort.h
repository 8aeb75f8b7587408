// The axis of argsort, counted from the front, the number of places wanted, and the order.
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct Argsort {
  std::int64_t axis = 0;
  std::int64_t count = 0;
  bool descending = false;
  template <class F>
  void fields(F& f) const {
    f("axis", axis);
    f("count", count);
    f("descending", descending);
  }
};

}  // namespace retrograd::attributes
