// The axis of argmax, counted from the front.
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct Argmax {
  std::int64_t axis = 0;
  bool keep = false;  // the axis stays, with extent 1
  template <class F>
  void fields(F& f) const {
    f("axis", axis);
    f("keep", keep);
  }
};

}  // namespace retrograd::attributes
