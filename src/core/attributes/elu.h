// The limit of elu at -infinity, negated.
#pragma once

namespace retrograd::attributes {

struct Elu {
  double alpha = 1.0;
  template <class F>
  void fields(F& f) const {
    f("alpha", alpha);
  }
};

}  // namespace retrograd::attributes
