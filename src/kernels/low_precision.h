// Whether this processor multiplies bf16.
#pragma once

namespace retrograd::kernels {

// The instructions with which kernels multiply numbers of bf16 and add the products in f32: "amx_bf16",
// "avx512_bf16"; empty where there are none.
const char* bf16_instructions();

}  // namespace retrograd::kernels
