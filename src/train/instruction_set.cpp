// The instruction set of this machine.
#include "train/instruction_set.h"

#include <string_view>

#include "kernels/low_precision.h"

namespace retrograd::train {
namespace {

const char* vector_instructions() {
#if defined(__x86_64__) || defined(__i386__)
  if (__builtin_cpu_supports("avx512f")) return "avx512";
  if (__builtin_cpu_supports("avx2")) return "avx2";
  if (__builtin_cpu_supports("sse4.1")) return "sse4";
  return "generic";
#elif defined(__aarch64__)
  return "neon";
#else
  return "generic";
#endif
}

}  // namespace

std::string instruction_set(Precision precision) {
  const std::string vectors = vector_instructions();
  const std::string_view products = kernels::bf16_instructions();
  if (precision == Precision::full || products.empty()) return vectors;
  return vectors + " with " + std::string(products);
}

}  // namespace retrograd::train
