// The kernel that calls the function of an op defined outside the library (Call::function).
#pragma once

#include "kernels/kernel.h"

namespace retrograd::kernels {

extern const KernelDef own;

}  // namespace retrograd::kernels
