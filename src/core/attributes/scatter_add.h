// The number of rows that scatter_add makes.
#pragma once

#include <cstdint>

namespace retrograd::attributes {

struct ScatterAdd {
  std::int64_t rows = 0;
  template <class F>
  void fields(F& f) const {
    f("rows", rows);
  }
};

}  // namespace retrograd::attributes
