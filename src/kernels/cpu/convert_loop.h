// Conversions between f32 and other dtypes, and the search for numbers that are not finite, for the best
// instruction set that the processor has.
#pragma once

#include <retrograd/dtype.h>

#include <cstddef>
#include <cstdint>

namespace retrograd::kernels::cpu {

using ConvertFunction = void (*)(const void* x, void* y, std::size_t count);

// Null for a pair of dtypes that has no fast loop.
ConvertFunction convert_function(DType from, DType to);

// The position of the first NaN or infinity, -1 where all are finite.
std::int64_t first_not_finite(const float* x, std::size_t count);

}  // namespace retrograd::kernels::cpu
