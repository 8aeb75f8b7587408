// The name under which a value is kept (tap).
#pragma once

#include <string>

namespace retrograd::attributes {

struct Tap {
  std::string name;
  template <class F>
  void fields(F& f) const {
    f("name", name);
  }
};

}  // namespace retrograd::attributes
