// The axes of a reduction (sum, max), counted from the front and ascending.
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Reduce {
  std::vector<std::int64_t> axes;
  bool keep = false;  // reduced axes stay, with extent 1
  template <class F>
  void fields(F& f) const {
    f("axes", axes);
    f("keep", keep);
  }
};

}  // namespace retrograd::attributes
