// Widening and rounding of bf16 operands.
#include "kernels/reference/widened.h"

#include <algorithm>

#include "core/bf16.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels::reference {
namespace {

bool is_bf16(const View& view) { return view.dtype == DType::bf16; }

std::size_t wide_bytes(const View& view) {
  return (static_cast<std::size_t>(view.size()) * sizeof(float) + 63) / 64 * 64;
}

View widened(const View& view) {
  return is_bf16(view) ? View{DType::f32, Layout::row_major(view.shape())} : view;
}

}  // namespace

bool has_bf16(const Call& call) {
  return std::any_of(call.inputs.begin(), call.inputs.end(), is_bf16) ||
         std::any_of(call.outputs.begin(), call.outputs.end(), is_bf16);
}

Choice choose_widened(const Call& call) {
  Choice choice;
  for (const std::vector<View>* views : {&call.inputs, &call.outputs}) {
    for (const View& view : *views) {
      if (is_bf16(view)) choice.workspace_bytes += wide_bytes(view);
    }
  }
  return choice;
}

Widened::Widened(const Call& call)
    : narrow_(call), wide_(call), inputs_(call.inputs.size()), outputs_(call.outputs.size()) {
  for (View& view : wide_.inputs) view = widened(view);
  for (View& view : wide_.outputs) view = widened(view);
}

Operands Widened::widen(const Operands& operands) {
  std::byte* free = operands.workspace;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const View& view = narrow_.inputs[i];
    inputs_[i] = operands.inputs[i];
    if (!is_bf16(view)) continue;
    auto* wide = reinterpret_cast<float*>(free);
    for (Index at(view.shape()); at.valid(); at.next()) {
      wide[at.position()] = from_bf16(operands.in<std::uint16_t>(i)[at.offset(view.layout)]);
    }
    inputs_[i] = free;
    free += wide_bytes(view);
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    outputs_[i] = operands.outputs[i];
    if (!is_bf16(narrow_.outputs[i]) || outputs_[i] == nullptr) continue;
    outputs_[i] = free;
    free += wide_bytes(narrow_.outputs[i]);
  }
  Operands wide = operands;
  wide.inputs = inputs_.data();
  wide.outputs = outputs_.data();
  return wide;
}

void Widened::narrow(const Operands& operands) const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!is_bf16(narrow_.outputs[i]) || operands.outputs[i] == nullptr) continue;
    const auto* wide = reinterpret_cast<const float*>(outputs_[i]);
    for (std::int64_t k = 0; k < narrow_.outputs[i].size(); ++k) {
      operands.out<std::uint16_t>(i)[k] = to_bf16(wide[k]);
    }
  }
}

}  // namespace retrograd::kernels::reference
