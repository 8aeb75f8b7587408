// The slope of leaky_relu below 0.
#pragma once

namespace retrograd::attributes {

struct LeakyRelu {
  double slope = 0.01;
  template <class F>
  void fields(F& f) const {
    f("slope", slope);
  }
};

}  // namespace retrograd::attributes
