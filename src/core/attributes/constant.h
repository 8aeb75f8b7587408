// The value of a constant.
#pragma once

#include <retrograd/dtype.h>

namespace retrograd::attributes {

struct Constant {
  double value = 0.0;
  DType dtype = DType::f32;
  template <class F>
  void fields(F& f) const {
    f("value", value);
    f("dtype", dtype);
  }
};

}  // namespace retrograd::attributes
