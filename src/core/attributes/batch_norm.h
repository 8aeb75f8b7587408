// What stands below the root in addition to the variance, and where the features are.
#pragma once

namespace retrograd::attributes {

struct BatchNorm {
  double epsilon = 1e-5;
  bool channels_last = false;  // features along the last axis, not along the second
  template <class F>
  void fields(F& f) const {
    f("epsilon", epsilon);
    f("channels_last", channels_last);
  }
};

}  // namespace retrograd::attributes
