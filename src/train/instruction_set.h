// The instruction set that decides the bits of results, as far as users tell machines apart by it.
#pragma once

#include <retrograd/low_precision.h>

#include <string>

namespace retrograd::train {

// "avx512", "avx2", "sse4", "neon", "generic"; for products of bf16 with what multiplies them: "avx512 with
// amx_bf16".
std::string instruction_set(Precision precision);

}  // namespace retrograd::train
