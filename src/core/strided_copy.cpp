// Walks the axes of a layout with a counter on the stack.
#include "core/strided_copy.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace retrograd {
namespace {

template <typename T>
void copy_elements(const Layout& layout, const T* from, T* to) noexcept {
  const int rank = layout.shape.rank();
  const std::int64_t size = layout.shape.size();
  const std::int64_t inner = rank == 0 ? 1 : layout.shape[rank - 1];
  const std::int64_t stride = rank == 0 ? 0 : layout.strides[static_cast<std::size_t>(rank - 1)];
  std::array<std::int64_t, Shape::max_rank> index{};
  std::int64_t at = 0;
  for (std::int64_t done = 0; done < size; done += inner) {
    for (std::int64_t i = 0; i < inner; ++i) to[done + i] = from[at + i * stride];
    for (int axis = rank - 2; axis >= 0; --axis) {
      const auto a = static_cast<std::size_t>(axis);
      at += layout.strides[a];
      if (++index[a] < layout.shape[axis]) break;
      at -= index[a] * layout.strides[a];
      index[a] = 0;
    }
  }
}

}  // namespace

void strided_copy(const Layout& layout, const std::byte* from, std::byte* to, std::size_t element) noexcept {
  if (layout.is_contiguous()) {
    std::memcpy(to, from, static_cast<std::size_t>(layout.shape.size()) * element);
  } else if (element == 8) {
    copy_elements(layout, reinterpret_cast<const std::uint64_t*>(from), reinterpret_cast<std::uint64_t*>(to));
  } else if (element == 4) {
    copy_elements(layout, reinterpret_cast<const std::uint32_t*>(from), reinterpret_cast<std::uint32_t*>(to));
  } else if (element == 2) {
    copy_elements(layout, reinterpret_cast<const std::uint16_t*>(from), reinterpret_cast<std::uint16_t*>(to));
  } else {
    copy_elements(layout, reinterpret_cast<const std::uint8_t*>(from), reinterpret_cast<std::uint8_t*>(to));
  }
}

}  // namespace retrograd
