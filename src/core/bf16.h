// bf16 as its bits: the upper half of an f32. The dtype is in <retrograd/dtype.h>; loops over vectors are in
// kernels/cpu/convert_loop.cpp.
#pragma once

#include <cstdint>
#include <cstring>

namespace retrograd {

// To the nearest, a tie to the even one; beyond the largest to infinity. A NaN stays one.
inline std::uint16_t to_bf16(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

// Exact.
inline float from_bf16(std::uint16_t value) {
  const std::uint32_t bits = static_cast<std::uint32_t>(value) << 16;
  float result = 0;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

}  // namespace retrograd
