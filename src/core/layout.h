// How a value lies in memory: strides in elements from an offset. Row-major is the case that `is_contiguous`
// names.
#pragma once

#include <retrograd/shape.h>

#include <array>
#include <cstdint>

namespace retrograd {

struct Layout {
  Shape shape;
  std::array<std::int64_t, Shape::max_rank> strides{};  // elements; 0 repeats
  std::int64_t offset = 0;                              // elements from the start of the storage

  static Layout row_major(const Shape& shape);
  // Row-major without gaps (axes of extent 1 may have any stride). The offset may be anything.
  bool is_contiguous() const;
};

}  // namespace retrograd
