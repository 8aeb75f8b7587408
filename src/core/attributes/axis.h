// One axis, counted from the front (softmax, log_softmax).
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct Axis {
  std::int64_t axis = 0;
  template <class F>
  void fields(F& f) const {
    f("axis", axis);
  }
};

}  // namespace retrograd::attributes
