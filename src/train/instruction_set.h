// The instruction set that decides the bits of results, as far as users tell machines apart by it.
#pragma once

namespace retrograd::train {

// "avx512", "avx2", "sse4", "neon", "generic".
const char* instruction_set();

}  // namespace retrograd::train
