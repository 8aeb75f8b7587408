// The table of all kernels, written by the build from the definitions in src/kernels/{cpu,reference}/*.cpp.
// Not here: the contract of a kernel (kernels/kernel.h).
#pragma once

#include <span>

#include "kernels/kernel.h"

namespace retrograd::kernels {

// Every kernel of the library; those of cpu/ stand before those of reference/.
std::span<const KernelDef* const> kernel_table();

}  // namespace retrograd::kernels
