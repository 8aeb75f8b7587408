// The extents of an array, at most eight of them, kept without heap storage. Strides and layouts are a plan's
// business, not found here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace retrograd {

class Shape {
 public:
  static constexpr int max_rank = 8;

  // The shape of a scalar: rank 0, one element.
  Shape() = default;
  // Throws Error(shape) for more than max_rank extents or a negative one.
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  std::int64_t& operator[](int axis) { return extents_[static_cast<std::size_t>(axis)]; }
  const std::int64_t* begin() const { return extents_.data(); }
  const std::int64_t* end() const { return extents_.data() + rank_; }
  // Number of elements: the product of the extents.
  std::int64_t size() const;
  // Appends an extent. Throws Error(shape) beyond max_rank.
  void push_back(std::int64_t extent);

  bool operator==(const Shape& other) const;

  // "[2, 3]", "[]".
  std::string to_string() const;

 private:
  std::array<std::int64_t, max_rank> extents_{};
  int rank_ = 0;
};

// NumPy's broadcasting: aligns on the right, an extent of 1 stretches. Throws Error(shape) naming `op`.
Shape broadcast(const Shape& a, const Shape& b, const char* op);

// An axis counted from the front; negative ones count from the back. Throws Error(shape) naming `op`.
int normalise_axis(int axis, int rank, const char* op);

}  // namespace retrograd
