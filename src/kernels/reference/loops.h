// What the reference kernels share: loops over the elements of strided views and the choice of a C++ type.
// Not here: anything fast; these kernels are the meaning of the ops, for tests and as the fallback.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/kernel.h"
#include "kernels/reference/widened.h"

namespace retrograd::kernels::reference {

// Counts through the indices of a shape in row-major order:
//   for (Index i(shape); i.valid(); i.next()) ...
class Index {
 public:
  explicit Index(const Shape& shape) : shape_(shape), valid_(shape.size() > 0) {}
  bool valid() const { return valid_; }
  void next() {
    ++position_;
    for (int axis = shape_.rank() - 1; axis >= 0; --axis) {
      std::int64_t& at = at_[static_cast<std::size_t>(axis)];
      if (++at < shape_[axis]) return;
      at = 0;
    }
    valid_ = false;
  }
  // Row-major position, from 0.
  std::int64_t position() const { return position_; }
  std::int64_t operator[](int axis) const { return at_[static_cast<std::size_t>(axis)]; }
  // Elements from the first one, for a view of the same shape.
  std::int64_t offset(const Layout& layout) const {
    std::int64_t sum = 0;
    for (int axis = 0; axis < shape_.rank(); ++axis)
      sum += (*this)[axis] * layout.strides[static_cast<std::size_t>(axis)];
    return sum;
  }

 private:
  Shape shape_;
  std::array<std::int64_t, Shape::max_rank> at_{};
  std::int64_t position_ = 0;
  bool valid_;
};

inline std::int64_t stride(const Layout& layout, std::int64_t axis) {
  return layout.strides[static_cast<std::size_t>(axis)];
}

// The layout of a reduction's output as seen from its input: stride 0 along the reduced axes.
inline Layout spread_layout(const Shape& input, const std::vector<std::int64_t>& axes) {
  Layout layout{.shape = input};
  std::array<bool, Shape::max_rank> is_reduced{};
  for (std::int64_t axis : axes) is_reduced[static_cast<std::size_t>(axis)] = true;
  std::int64_t next = 1;
  for (int axis = input.rank() - 1; axis >= 0; --axis) {
    const auto a = static_cast<std::size_t>(axis);
    if (is_reduced[a]) continue;
    layout.strides[a] = next;
    next *= input[axis];
  }
  return layout;
}

// `shape` with extent 1 along `axis`: the places where a line along the axis begins.
inline Shape without(Shape shape, std::int64_t axis) {
  shape[static_cast<int>(axis)] = 1;
  return shape;
}

// Calls f with a value of the C++ type of the dtype; a boolean is a bool. bf16 has become f32 (widened.h).
template <typename F>
void with_floating(DType dtype, const F& f) {
  if (dtype == DType::f32) f(float{});
  if (dtype == DType::f64) f(double{});
}
template <typename F>
void with_number(DType dtype, const F& f) {
  with_floating(dtype, f);
  if (dtype == DType::i32) f(std::int32_t{});
  if (dtype == DType::i64) f(std::int64_t{});
}
template <typename F>
void with_any(DType dtype, const F& f) {
  with_number(dtype, f);
  if (dtype == DType::u8) f(std::uint8_t{});
  if (dtype == DType::boolean) f(bool{});
}

// a + b; integers wrap.
template <typename T>
T plus(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using Unsigned = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b));
  } else {
    return a + b;
  }
}

// a b; integers wrap.
template <typename T>
T times(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    // A type of less than int would be multiplied as an int.
    using Unsigned = std::common_type_t<unsigned, std::make_unsigned_t<T>>;
    return static_cast<T>(static_cast<Unsigned>(a) * static_cast<Unsigned>(b));
  } else {
    return a * b;
  }
}

// Element `i` of an array of i32 or i64.
inline std::int64_t index_at(const Operands& operands, std::size_t input, DType dtype, std::int64_t i) {
  return dtype == DType::i32 ? operands.in<std::int32_t>(input)[i] : operands.in<std::int64_t>(input)[i];
}

// An index moved into [0, count); one that lay outside is a fault.
inline std::int64_t checked(std::int64_t index, std::int64_t count, Fault* fault) {
  if (index >= 0 && index < count) return index;
  fault->set(Fault::Kind::index_out_of_range, index);
  return index < 0 ? 0 : count - 1;
}

// The definition of a kernel that is a function of the call, run as one piece.
template <void (*function)(const Call&, const Operands&, int shard, int shards)>
constexpr KernelDef kernel(std::string_view op, const ErrorBounds& error) {
  return {.op = op,
          .backend = "reference",
          .supports = supports_all,
          .choose = choose_widened,
          .bind = WidenedKernel<function>::bind,
          .error = error};
}

}  // namespace retrograd::kernels::reference
