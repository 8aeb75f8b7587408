// The axis of a cumulative sum, counted from the front, and its form.
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct CumulativeSum {
  std::int64_t axis = 0;
  bool reverse = false;
  bool exclusive = false;
  template <class F>
  void fields(F& f) const {
    f("axis", axis);
    f("reverse", reverse);
    f("exclusive", exclusive);
  }
};

}  // namespace retrograd::attributes
