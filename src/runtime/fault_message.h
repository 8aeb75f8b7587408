// What is said when a step finds a fault in the values.
#pragma once

#include "runtime/execution.h"

namespace retrograd::runtime {

// Throws Error(data) for an index out of range, Error(diverged) for a number that is not finite.
[[noreturn]] void throw_fault(const FoundFault& fault);

}  // namespace retrograd::runtime
