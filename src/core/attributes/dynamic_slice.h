// The shape that dynamic_slice cuts out.
#pragma once

#include <retrograd/shape.h>

namespace retrograd::attributes {

struct DynamicSlice {
  Shape extents;
  template <class F>
  void fields(F& f) const {
    f("extents", extents);
  }
};

}  // namespace retrograd::attributes
