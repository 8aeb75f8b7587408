// States of recurrent layers as variables, found by the module that they belong to.
#include <retrograd/recurrent_layers.h>

#include <algorithm>

#include "array/trace_state.h"
#include "core/buffer.h"
#include "core/fail.h"

namespace retrograd::nn {
namespace {

Array zero_leaf(const TensorType& type) {
  auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(type.shape.size()) * size_of(type.dtype));
  std::fill_n(buffer->data(), buffer->bytes(), std::byte{0});
  return Array::from_buffer(std::move(buffer), type.shape, type.dtype);
}

}  // namespace

bool is_recurrent(const Module& module) {
  if (dynamic_cast<const RecurrentLayer*>(&module) != nullptr) return true;
  const auto& children = module.children();
  return std::any_of(children.begin(), children.end(),
                     [](const auto& child) { return is_recurrent(*child); });
}

void CarriedState::reset() {
  if (current_trace() != nullptr) {
    fail(ErrorKind::argument, "CarriedState::reset: not inside a compiled function");
  }
  for (const Variable& variable : variables_) variable.assign(zero_leaf(variable.type()));
}

Variable CarriedState::at(const Module& module, std::int64_t place, const TensorType& type) {
  Variable& variable = places_[{&module, place}];
  if (variable.empty()) {
    variable = Variable(zero_leaf(type), fmt::format("{}.state_{}", variables_.size(), place));
    variables_.push_back(variable);
  }
  if (variable.type() != type) {
    fail(ErrorKind::shape,
         "{}: its carried state is {}, and {} is wanted: one CarriedState serves one batch size",
         module.name(), variable.type().to_string(), type.to_string());
  }
  return variable;
}

}  // namespace retrograd::nn
