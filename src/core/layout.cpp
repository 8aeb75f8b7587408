// Row-major strides.
#include "core/layout.h"

namespace retrograd {

Layout Layout::row_major(const Shape& shape) {
  Layout layout{.shape = shape};
  std::int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    layout.strides[static_cast<std::size_t>(axis)] = stride;
    stride *= shape[axis];
  }
  return layout;
}

bool Layout::is_contiguous() const {
  std::int64_t expected = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] != 1 && strides[static_cast<std::size_t>(axis)] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

}  // namespace retrograd
