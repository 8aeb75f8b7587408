// The axis of scatter_add_along, counted from the front, and its extent in the result.
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct ScatterAddAlong {
  std::int64_t axis = 0;
  std::int64_t extent = 0;
  template <class F>
  void fields(F& f) const {
    f("axis", axis);
    f("extent", extent);
  }
};

}  // namespace retrograd::attributes
