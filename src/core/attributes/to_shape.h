// The shape of the result (reshape, broadcast_to).
#pragma once

#include <retrograd/shape.h>

namespace retrograd::attributes {

struct ToShape {
  Shape shape;
  template <class F>
  void fields(F& f) const {
    f("shape", shape);
  }
};

}  // namespace retrograd::attributes
