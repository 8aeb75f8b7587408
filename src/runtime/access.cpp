// Array::item, to_vector and to_string: values for people and programs.
#include <retrograd/array.h>
#include <retrograd/eval.h>

#include "array/node.h"
#include "core/bf16.h"
#include "core/fail.h"

namespace retrograd {
namespace {

const BufferPtr& value_of(const Array& array) {
  if (array.empty()) fail(ErrorKind::argument, "an empty array has no value");
  eval({array});
  return array.node()->outputs[static_cast<std::size_t>(array.output())].value;
}

std::vector<float> widened(const Buffer& buffer, std::int64_t size) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < size; ++i) values.push_back(from_bf16(buffer.as<std::uint16_t>()[i]));
  return values;
}

// Calls f with a typed pointer to the elements.
template <typename F>
void with_elements(const Array& array, F f) {
  const Buffer& buffer = *value_of(array);
  switch (array.dtype()) {
    case DType::f32:
      return f(buffer.as<float>());
    case DType::f64:
      return f(buffer.as<double>());
    case DType::i32:
      return f(buffer.as<std::int32_t>());
    case DType::i64:
      return f(buffer.as<std::int64_t>());
    case DType::u8:
      return f(buffer.as<std::uint8_t>());
    case DType::boolean:
      return f(reinterpret_cast<const bool*>(buffer.data()));
    case DType::bf16:
      return f(widened(buffer, array.size()).data());
  }
}

// Nested brackets from `axis` on; `at` is the first element. Long axes show three elements at each end.
template <typename T>
void print(const Shape& shape, int axis, const T* values, std::int64_t at, std::string& text) {
  if (axis == shape.rank()) {
    text += fmt::format("{}", values[at]);
    return;
  }
  std::int64_t stride = 1;
  for (int a = axis + 1; a < shape.rank(); ++a) stride *= shape[a];
  text += '[';
  for (std::int64_t i = 0; i < shape[axis]; ++i) {
    if (i > 0) text += ", ";
    if (shape[axis] > 8 && i == 3) {
      text += "..., ";
      i = shape[axis] - 3;
    }
    print(shape, axis + 1, values, at + i * stride, text);
  }
  text += ']';
}

}  // namespace

template <typename T>
T Array::item() const {
  if (size() != 1)
    fail(ErrorKind::shape, "item: {} has {} elements; expected one", type().to_string(), size());
  T result{};
  with_elements(*this, [&](const auto* values) { result = static_cast<T>(values[0]); });
  return result;
}

template <typename T>
std::vector<T> Array::to_vector() const {
  std::vector<T> result(static_cast<std::size_t>(size()));
  with_elements(*this, [&](const auto* values) {
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = static_cast<T>(values[i]);
  });
  return result;
}

std::string Array::to_string() const {
  std::string text;
  with_elements(*this, [&](const auto* values) { print(shape(), 0, values, 0, text); });
  return text + ' ' + type().to_string();
}

template float Array::item<float>() const;
template double Array::item<double>() const;
template std::int32_t Array::item<std::int32_t>() const;
template std::int64_t Array::item<std::int64_t>() const;
template bool Array::item<bool>() const;
template std::vector<float> Array::to_vector<float>() const;
template std::vector<double> Array::to_vector<double>() const;
template std::vector<std::int32_t> Array::to_vector<std::int32_t>() const;
template std::vector<std::int64_t> Array::to_vector<std::int64_t>() const;
template std::vector<std::uint8_t> Array::to_vector<std::uint8_t>() const;

}  // namespace retrograd
