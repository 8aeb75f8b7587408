// Numbers to operands and back; drawing them.
#include "kernels/numbers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/bf16.h"

namespace retrograd::kernels::testing {
namespace {

struct Bf16 {
  Bf16() = default;
  explicit Bf16(double value) : bits(to_bf16(static_cast<float>(value))) {}
  explicit operator double() const { return static_cast<double>(from_bf16(bits)); }
  std::uint16_t bits = 0;
};

template <typename F>
void with_type(DType dtype, const F& f) {
  if (dtype == DType::f32) f(float{});
  if (dtype == DType::f64) f(double{});
  if (dtype == DType::i32) f(std::int32_t{});
  if (dtype == DType::i64) f(std::int64_t{});
  if (dtype == DType::u8 || dtype == DType::boolean) f(std::uint8_t{});
  if (dtype == DType::bf16) f(Bf16{});
}

}  // namespace

View strided(DType dtype, const Shape& shape, const std::vector<std::int64_t>& strides) {
  View result{dtype, {.shape = shape}};
  for (std::size_t i = 0; i < strides.size(); ++i) result.layout.strides[i] = strides[i];
  return result;
}

std::int64_t extent_of(const View& view) {
  if (view.size() == 0) return 0;
  std::int64_t last = 0;
  for (int axis = 0; axis < view.shape().rank(); ++axis) {
    last += (view.shape()[axis] - 1) * view.layout.strides[static_cast<std::size_t>(axis)];
  }
  return last + 1;
}

Operand encode(const View& view, const Numbers& numbers) {
  Operand operand = zeros(view.dtype, Shape{static_cast<std::int64_t>(numbers.size())});
  operand.view = view;
  with_type(view.dtype, [&]<typename T>(T) {
    for (std::size_t i = 0; i < numbers.size(); ++i) operand.as<T>()[i] = static_cast<T>(numbers[i]);
  });
  return operand;
}

Numbers decode(const Operand& operand) {
  Numbers numbers;
  with_type(operand.view.dtype, [&]<typename T>(T) {
    for (const T element : operand.as<T>()) numbers.push_back(static_cast<double>(element));
  });
  return numbers;
}

Problem encode(const Call& call, const std::vector<Numbers>& inputs) {
  Problem made{call, {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) made.inputs.push_back(encode(call.inputs[i], inputs[i]));
  return made;
}

std::vector<Numbers> by_reference(const Call& call, const std::vector<Numbers>& inputs) {
  std::vector<Numbers> results;
  for (const Operand& result : run(*reference_kernel(call), encode(call, inputs)).outputs) {
    results.push_back(decode(result));
  }
  return results;
}

std::vector<Numbers> in_double(Call call, const std::vector<Numbers>& inputs) {
  for (std::vector<View>* views : {&call.inputs, &call.outputs}) {
    for (View& view : *views) {
      if (view.dtype == DType::f32) view.dtype = DType::f64;
    }
  }
  return by_reference(call, inputs);
}

double ulp(double x, DType dtype) {
  if (!std::isfinite(x)) return 0;  // NaN and infinity have no neighbours: equal or wrong
  const int bits = dtype == DType::bf16 ? 7 : 23;
  return std::ldexp(1.0, std::max(std::ilogb(x), -126) - bits);
}

Numbers Draw::uniform(std::int64_t count, double low, double high) {
  Numbers numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    const double unit = static_cast<double>(engine_()) * 0x1p-32;
    numbers.push_back(static_cast<double>(static_cast<float>(low + (high - low) * unit)));
  }
  return numbers;
}

Numbers Draw::integers(std::int64_t count, std::int64_t low, std::int64_t high) {
  Numbers numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    numbers.push_back(static_cast<double>(low + static_cast<std::int64_t>(engine_()) % (high - low)));
  }
  return numbers;
}

}  // namespace retrograd::kernels::testing
