// The ops that only move elements: reshape, transpose, broadcast_to, stop_gradient, tap. A plan takes a view
// instead where it can; these kernels copy.
#include "core/attributes/permutation.h"
#include "core/strided_copy.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void copy(const Call& call, const Operands& operands, const Layout& from) {
  strided_copy(from, operands.inputs[0], operands.outputs[0], size_of(call.outputs[0].dtype));
}

void same_order(const Call& call, const Operands& operands, int, int) {
  copy(call, operands, call.inputs[0].layout);
}

// y[i_p0, i_p1, ...] = x[i_0, i_1, ...]
void transpose(const Call& call, const Operands& operands, int, int) {
  const std::vector<std::int64_t>& order = call.attributes.as<attributes::Permutation>().order;
  Layout from{.shape = call.outputs[0].shape()};
  for (std::size_t i = 0; i < order.size(); ++i)
    from.strides[i] = reference::stride(call.inputs[0].layout, order[i]);
  copy(call, operands, from);
}

// y[j, i] = x[i]
void broadcast_to(const Call& call, const Operands& operands, int, int) {
  const Layout& x = call.inputs[0].layout;
  Layout from{.shape = call.outputs[0].shape()};
  const int front = from.shape.rank() - x.shape.rank();
  for (int axis = 0; axis < x.shape.rank(); ++axis) {
    if (x.shape[axis] != 1) from.strides[static_cast<std::size_t>(axis + front)] = reference::stride(x, axis);
  }
  copy(call, operands, from);
}

}  // namespace

extern const KernelDef reshape_reference = reference::kernel<same_order>("reshape", ErrorBound::exact());
extern const KernelDef stop_gradient_reference =
    reference::kernel<same_order>("stop_gradient", ErrorBound::exact());
extern const KernelDef tap_reference = reference::kernel<same_order>("tap", ErrorBound::exact());
extern const KernelDef transpose_reference = reference::kernel<transpose>("transpose", ErrorBound::exact());
extern const KernelDef broadcast_to_reference =
    reference::kernel<broadcast_to>("broadcast_to", ErrorBound::exact());

}  // namespace retrograd::kernels
