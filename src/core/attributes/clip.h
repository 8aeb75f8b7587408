// The bounds of clip.
#pragma once

namespace retrograd::attributes {

struct Clip {
  double low = 0.0;
  double high = 1.0;
  template <class F>
  void fields(F& f) const {
    f("low", low);
    f("high", high);
  }
};

}  // namespace retrograd::attributes
