// Element types of arrays. Conversions between them are the op `cast`, not found here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retrograd {

enum class DType : std::uint8_t { f32, f64, i32, i64, u8, boolean };

// Bytes of one element. A boolean takes one byte, 0 or 1.
constexpr std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f64:
    case DType::i64:
      return 8;
    case DType::u8:
    case DType::boolean:
      return 1;
  }
  return 0;
}

constexpr bool is_floating(DType dtype) { return dtype == DType::f32 || dtype == DType::f64; }

constexpr bool is_integer(DType dtype) {
  return dtype == DType::i32 || dtype == DType::i64 || dtype == DType::u8;
}

// "f32", "f64", "i32", "i64", "u8", "bool".
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
