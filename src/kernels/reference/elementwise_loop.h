// The loop of the reference kernels of element-wise ops.
#pragma once

#include <cstdint>
#include <utility>

#include "kernels/reference/loops.h"

namespace retrograd::kernels::reference {

// y = f(x_0, x_1, ...) for every element; In are the C++ types of the inputs.
template <typename Out, typename... In, typename F, std::size_t... i>
void loop(const Call& call, const Operands& operands, const F& f, std::index_sequence<i...>) {
  Out* y = operands.out<Out>();
  const std::int64_t size = call.outputs[0].size();
  if ((call.inputs[i].is_contiguous() && ...)) {
    for (std::int64_t at = 0; at < size; ++at) y[at] = static_cast<Out>(f(operands.in<In>(i)[at]...));
    return;
  }
  for (Index at(call.outputs[0].shape()); at.valid(); at.next()) {
    y[at.position()] = static_cast<Out>(f(operands.in<In>(i)[at.offset(call.inputs[i].layout)]...));
  }
}

}  // namespace retrograd::kernels::reference
