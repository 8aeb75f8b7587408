// Element types of arrays. Conversions between them are the op `cast`, not found here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retrograd {

// bf16 is the upper half of an f32: its range with 8 significant bits. It is for inputs of matrix products
// and for storage. C++ has no such number: cast() makes it, to_vector<float>() and item<float>() read it. An
// op without a kernel for it computes in f32 and rounds once, to the nearest, a tie to the even one.
enum class DType : std::uint8_t { f32, f64, i32, i64, u8, boolean, bf16 };

// Bytes of one element. A boolean takes one byte, 0 or 1.
constexpr std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f64:
    case DType::i64:
      return 8;
    case DType::bf16:
      return 2;
    case DType::u8:
    case DType::boolean:
      return 1;
  }
  return 0;
}

constexpr bool is_floating(DType dtype) {
  return dtype == DType::f32 || dtype == DType::f64 || dtype == DType::bf16;
}

constexpr bool is_integer(DType dtype) {
  return dtype == DType::i32 || dtype == DType::i64 || dtype == DType::u8;
}

// "f32", "f64", "i32", "i64", "u8", "bool", "bf16".
const char* name(DType dtype);

// The dtype of a C++ type: dtype_of<float> == DType::f32.
template <typename T>
inline constexpr DType dtype_of = DType::boolean;
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<std::int32_t> = DType::i32;
template <>
inline constexpr DType dtype_of<std::int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<std::uint8_t> = DType::u8;

}  // namespace retrograd
