// The length of the new axis of one_hot, and its dtype.
#pragma once

#include <retrograd/dtype.h>

#include <cstdint>

namespace retrograd::attributes {

struct OneHot {
  std::int64_t classes = 0;
  DType dtype = DType::f32;
  template <class F>
  void fields(F& f) const {
    f("classes", classes);
    f("dtype", dtype);
  }
};

}  // namespace retrograd::attributes
