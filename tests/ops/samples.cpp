// Drawing inputs as a sample says: ranges, kinks, ties, dtypes.
#include "ops/samples.h"

#include <retrograd/eval.h>

#include <cmath>
#include <ostream>
#include <utility>

#include "core/buffer.h"

namespace retrograd::testing {
namespace {

constexpr double margin = 0.05;  // from kinks and, where elements are distinct, from one another

// A number in [0, 1) that does not depend on the standard library.
double unit(std::mt19937& generator) { return generator() * 0x1p-32; }

bool is_near(double value, const std::vector<double>& others) {
  for (double other : others) {
    if (std::abs(value - other) < margin) return true;
  }
  return false;
}

std::vector<double> draw_values(const Sample& sample, std::int64_t count, bool is_whole,
                                std::mt19937& generator, std::vector<double>& taken) {
  std::vector<double> values;
  while (static_cast<std::int64_t>(values.size()) < count) {
    double value = sample.low + (sample.high - sample.low) * unit(generator);
    if (is_whole) {
      values.push_back(std::floor(value));
      continue;
    }
    if (is_near(value, sample.kinks) || is_near(value, taken)) continue;
    if (sample.distinct) taken.push_back(value);
    values.push_back(value);
  }
  return values;
}

template <typename T>
Array from(const std::vector<double>& values, const Shape& shape) {
  std::vector<T> converted;
  for (double value : values) converted.push_back(static_cast<T>(value));
  return Array::from(std::span<const T>(converted), shape);
}

Array make_boolean(const std::vector<double>& values, const Shape& shape) {
  auto buffer = std::make_shared<Buffer>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) buffer->as<std::uint8_t>()[i] = values[i] != 0.0 ? 1 : 0;
  return Array::from_buffer(buffer, shape, DType::boolean);
}

}  // namespace

Array array_of(const std::vector<double>& values, const TensorType& type) {
  switch (type.dtype) {
    case DType::f32:
      return from<float>(values, type.shape);
    case DType::f64:
      return from<double>(values, type.shape);
    case DType::i32:
      return from<std::int32_t>(values, type.shape);
    case DType::i64:
      return from<std::int64_t>(values, type.shape);
    case DType::u8:
      return from<std::uint8_t>(values, type.shape);
    case DType::boolean:
      return make_boolean(values, type.shape);
    case DType::bf16: {
      const Array rounded = cast(from<float>(values, type.shape), DType::bf16);
      eval({rounded});
      return rounded;
    }
  }
  return {};
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const OpDef* op : ops::op_table()) {
    std::size_t index = 0;
    for (Sample& sample : op->samples()) cases.push_back({op, index++, std::move(sample)});
  }
  return cases;
}

std::vector<Case> cases_where(bool (*holds)(const Case&)) {
  std::vector<Case> cases;
  for (const Case& c : all_cases()) {
    if (holds(c)) cases.push_back(c);
  }
  return cases;
}

std::string name_of(const Case& c) { return std::string(c.op->name) + "_" + std::to_string(c.index); }

void PrintTo(const Case& c, std::ostream* out) { *out << name_of(c); }

DType dtype_of_input(const Sample& sample, std::size_t i, DType floating) {
  if (i >= sample.dtypes.size() || is_floating(sample.dtypes[i])) return floating;
  return sample.dtypes[i];
}

std::vector<Array> draw(const Case& c, DType floating) {
  const Sample& sample = c.sample();
  std::mt19937 generator(static_cast<unsigned>(17 + c.index));
  std::vector<double> taken;
  std::vector<Array> inputs;
  for (std::size_t i = 0; i < sample.shapes.size(); ++i) {
    const TensorType type{dtype_of_input(sample, i, floating), sample.shapes[i]};
    std::vector<double> values;
    if (type.dtype == DType::boolean) {
      for (std::int64_t k = 0; k < type.shape.size(); ++k)
        values.push_back(unit(generator) < 0.5 ? 0.0 : 1.0);
    } else {
      values = draw_values(sample, type.shape.size(), !is_floating(type.dtype), generator, taken);
    }
    inputs.push_back(array_of(values, type));
  }
  return inputs;
}

std::vector<Array> floating_of(std::span<const Array> arrays) {
  std::vector<Array> result;
  for (const Array& array : arrays) {
    if (is_floating(array.dtype())) result.push_back(array);
  }
  return result;
}

bool is_differentiable(const Case& c) {
  if (c.op->vjp.is_none()) return false;
  const std::vector<Array> x = draw(c, DType::f64);
  return !floating_of(x).empty() && !floating_of(apply(*c.op, x, c.sample().attributes)).empty();
}

Array draw_direction(const TensorType& type, std::mt19937& generator) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < type.shape.size(); ++i) {
    const double value = 0.1 + 0.9 * unit(generator);
    values.push_back(unit(generator) < 0.5 ? value : -value);
  }
  return array_of(values, type);
}

}  // namespace retrograd::testing
