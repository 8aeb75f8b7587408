// How much memory the machine has.
#pragma once

#include <cstddef>

namespace retrograd::core {

// In bytes; 0 where the system does not tell it.
std::size_t physical_memory() noexcept;

}  // namespace retrograd::core
