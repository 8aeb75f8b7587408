// Shapes: construction, size, broadcasting.
#include <retrograd/shape.h>

#include <algorithm>

#include "core/fail.h"

namespace retrograd {

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::span<const std::int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) {
  for (std::int64_t extent : extents) push_back(extent);
}

std::int64_t Shape::size() const {
  std::int64_t product = 1;
  for (std::int64_t extent : *this) product *= extent;
  return product;
}

void Shape::push_back(std::int64_t extent) {
  if (rank_ == max_rank) fail(ErrorKind::shape, "shape: at most {} axes are possible", max_rank);
  if (extent < 0) fail(ErrorKind::shape, "shape: extent {} is negative", extent);
  extents_[static_cast<std::size_t>(rank_++)] = extent;
}

bool Shape::operator==(const Shape& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

std::string Shape::to_string() const { return fmt::format("[{}]", fmt::join(begin(), end(), ", ")); }

Shape broadcast(const Shape& a, const Shape& b, const char* op) {
  const int rank = std::max(a.rank(), b.rank());
  Shape result;
  for (int axis = 0; axis < rank; ++axis) {
    const int in_a = axis - (rank - a.rank());
    const int in_b = axis - (rank - b.rank());
    const std::int64_t extent_a = in_a < 0 ? 1 : a[in_a];
    const std::int64_t extent_b = in_b < 0 ? 1 : b[in_b];
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1) {
      fail(ErrorKind::shape,
           "{}: shapes {} and {} do not broadcast: axis {} has {} and {}; expected equal or 1", op,
           a.to_string(), b.to_string(), axis, extent_a, extent_b);
    }
    result.push_back(extent_a == 1 ? extent_b : extent_a);
  }
  return result;
}

int normalise_axis(int axis, int rank, const char* op) {
  if (axis < -rank || axis >= rank) {
    fail(ErrorKind::shape, "{}: axis {} is out of range for rank {}; expected {} <= axis < {}", op, axis,
         rank, -rank, rank);
  }
  return axis < 0 ? axis + rank : axis;
}

}  // namespace retrograd
