// Which form of gelu: the exact one, or the one by tanh.
#pragma once

namespace retrograd::attributes {

struct Gelu {
  bool by_tanh = false;
  template <class F>
  void fields(F& f) const {
    f("by_tanh", by_tanh);
  }
};

}  // namespace retrograd::attributes
