// The shape of a random array, and which random op of its trace it is.
#pragma once

#include <retrograd/shape.h>

#include <cstdint>

namespace retrograd::attributes {

struct Uniform {
  Shape shape;
  std::int64_t ordinal = 0;  // 0 <= ordinal < 2^32
  template <class F>
  void fields(F& f) const {
    f("shape", shape);
    f("ordinal", ordinal);
  }
};

}  // namespace retrograd::attributes
