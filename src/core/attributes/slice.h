// Element i of an axis of the slice is element starts + i steps of that axis, 0 <= i < extents.
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Slice {
  std::vector<std::int64_t> starts;
  std::vector<std::int64_t> extents;
  std::vector<std::int64_t> steps;
  template <class F>
  void fields(F& f) const {
    f("starts", starts);
    f("extents", extents);
    f("steps", steps);
  }
};

}  // namespace retrograd::attributes
