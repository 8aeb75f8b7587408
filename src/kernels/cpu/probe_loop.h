// The loops by which a machine's limits are measured (machine.cpp), for the best instruction set that
// the processor has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retrograd::kernels::cpu {

// Highway's name of the instruction set that the kernels use.
const char* instruction_set();

// Runs `rounds` rounds of independent fused multiply-adds in registers; adds the operations done to `flops`.
// The result must be looked at.
float multiply_add_rounds(std::int64_t rounds, double& flops);

// a[i] = b[i] + s * c[i]
void triad(float* a, const float* b, const float* c, float s, std::size_t count);

}  // namespace retrograd::kernels::cpu
