// Counts this process's heap allocations, by replacing operator new.
#pragma once

#include <cstddef>

namespace retrograd::testing {

std::size_t allocations();

}  // namespace retrograd::testing
