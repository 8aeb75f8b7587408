// Mixed precision: products of bf16 numbers in a computation in f32. Not here: arrays of bf16, a dtype like
// others (dtype.h).
#pragma once

namespace retrograd {

// The numbers that products are made of: those of ops with the trait low_precision, matmul and convolution
// with its gradients. For bf16 their f32 operands are rounded, to the nearest with a relative error of at
// most 2^-8, and their terms are added in f32. All else stays in f32: parameters and their updates,
// activations, statistics, losses, attention, and the steps of a recurrence. Source: Micikevicius et al.
// 2018, Mixed Precision Training; Kalamkar et al. 2019, A Study of BFLOAT16.
enum class Precision {
  full,         // in the dtype of the arrays
  bf16,         // only where the processor multiplies bf16
  bf16_forced,  // elsewhere too, by the same rounding, slower than full
};

// Throws Error(argument) for bf16 on a processor without instructions for it that the kernels use:
// avx512_bf16 or amx_bf16.
void check_precision(Precision precision);

}  // namespace retrograd
