// The dtype that cast converts to.
#pragma once

#include <retrograd/dtype.h>

namespace retrograd::attributes {

struct Cast {
  DType dtype = DType::f32;
  template <class F>
  void fields(F& f) const {
    f("dtype", dtype);
  }
};

}  // namespace retrograd::attributes
