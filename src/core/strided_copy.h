// Copies a strided value into row-major storage.
#pragma once

#include <cstddef>

#include "core/layout.h"

namespace retrograd {

// `from` points at the first element (layout.offset is in it already); `element` is 1, 2, 4 or 8 bytes.
void strided_copy(const Layout& layout, const std::byte* from, std::byte* to, std::size_t element) noexcept;

}  // namespace retrograd
