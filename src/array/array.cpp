// Arrays from data, and the call of an op.
#include <retrograd/array.h>

#include <cstring>

#include "array/node.h"
#include "array/trace_state.h"
#include "core/fail.h"

namespace retrograd {
namespace {

template <typename T>
Array copy_from(std::span<const T> values, const Shape& shape) {
  if (static_cast<std::int64_t>(values.size()) != shape.size()) {
    fail(ErrorKind::shape, "Array::from: {} values do not fill shape {}, which has {} elements",
         values.size(), shape.to_string(), shape.size());
  }
  auto buffer = std::make_shared<Buffer>(values.size_bytes());
  if (!values.empty()) std::memcpy(buffer->data(), values.data(), values.size_bytes());
  return make_leaf({dtype_of<T>, shape}, std::move(buffer));
}

}  // namespace

std::string TensorType::to_string() const { return std::string(retrograd::name(dtype)) + shape.to_string(); }

Array Array::from(std::span<const float> values, const Shape& shape) { return copy_from(values, shape); }
Array Array::from(std::span<const double> values, const Shape& shape) { return copy_from(values, shape); }
Array Array::from(std::span<const std::int32_t> values, const Shape& shape) {
  return copy_from(values, shape);
}
Array Array::from(std::span<const std::int64_t> values, const Shape& shape) {
  return copy_from(values, shape);
}
Array Array::from(std::span<const std::uint8_t> values, const Shape& shape) {
  return copy_from(values, shape);
}

Array Array::of(std::initializer_list<float> values) {
  const std::span<const float> span(values.begin(), values.size());
  return from(span, Shape{static_cast<std::int64_t>(values.size())});
}

Array Array::from_buffer(std::shared_ptr<Buffer> buffer, const Shape& shape, DType dtype) {
  const std::size_t needed = static_cast<std::size_t>(shape.size()) * size_of(dtype);
  if (!buffer || buffer->bytes() < needed) {
    fail(ErrorKind::shape, "Array::from_buffer: {} bytes do not hold {}{}, which needs {}",
         buffer ? buffer->bytes() : 0, retrograd::name(dtype), shape.to_string(), needed);
  }
  return make_leaf({dtype, shape}, std::move(buffer));
}

const TensorType& Array::type() const {
  if (!node_) fail(ErrorKind::argument, "an empty array has no shape");
  return node_->outputs[static_cast<std::size_t>(output_)].type;
}

const char* ShapeArgs::name() const { return op.name.data(); }

std::vector<Array> apply(const OpDef& op, std::vector<Array> inputs, Attributes attributes) {
  std::vector<TensorType> types;
  types.reserve(inputs.size());
  for (const Array& input : inputs) {
    if (input.empty()) fail(ErrorKind::argument, "{}: an input is an empty array", op.name);
    types.push_back(input.type());
  }
  std::vector<TensorType> results = op.shape({op, types, attributes});
  NodePtr node(new Node);
  node->op = &op;
  node->attributes = std::move(attributes);
  node->inputs = std::move(inputs);
  node->scope = current_scope();
  node->segment = current_segment();
  node->outputs.reserve(results.size());
  for (TensorType& type : results) node->outputs.push_back({std::move(type), nullptr});
  std::vector<Array> outputs;
  for (int i = 0; i < static_cast<int>(results.size()); ++i) outputs.emplace_back(node, i);
  TraceState* trace = current_trace();
  if (op.traits.check && trace != nullptr) trace->checks.push_back(outputs[0]);
  return outputs;
}

Array apply1(const OpDef& op, std::vector<Array> inputs, Attributes attributes) {
  return std::move(apply(op, std::move(inputs), std::move(attributes))[0]);
}

}  // namespace retrograd
