// take: x [R, row...], indices [I...] -> y [I..., row...], and its transpose
// scatter_add: x [I..., row...], indices [I...] -> y [R, row...], added in the order of the indices.
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// The axes behind the first `front` ones.
Layout rows_of(const Layout& layout, int front) {
  Layout row;
  for (int axis = front; axis < layout.shape.rank(); ++axis) {
    row.strides[static_cast<std::size_t>(row.shape.rank())] = reference::stride(layout, axis);
    row.shape.push_back(layout.shape[axis]);
  }
  return row;
}

void take(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const View& indices = call.inputs[1];
  const std::int64_t R = x.shape()[0];
  const Layout row = rows_of(x.layout, 1);
  reference::with_number(x.dtype, [&]<typename T>(T) {
    T* y = operands.out<T>();
    for (reference::Index i(indices.shape()); i.valid(); i.next()) {
      const std::int64_t given = reference::index_at(operands, 1, indices.dtype, i.offset(indices.layout));
      const std::int64_t r = reference::checked(given, R, operands.fault);
      for (reference::Index j(row.shape); j.valid(); j.next()) {
        // Of no rows at all there is none to clamp to; the fault is set.
        *y++ = R == 0 ? T{0} : operands.in<T>(0)[r * reference::stride(x.layout, 0) + j.offset(row)];
      }
    }
  });
}

void scatter_add(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const View& indices = call.inputs[1];
  const View& y = call.outputs[0];
  const std::int64_t R = y.shape()[0];
  const Layout row = rows_of(x.layout, indices.shape().rank());
  reference::with_number(x.dtype, [&]<typename T>(T) {
    T* out = operands.out<T>();
    for (std::int64_t i = 0; i < y.size(); ++i) out[i] = T{0};
    for (reference::Index i(indices.shape()); i.valid(); i.next()) {
      const std::int64_t given = reference::index_at(operands, 1, indices.dtype, i.offset(indices.layout));
      const std::int64_t r = reference::checked(given, R, operands.fault);
      if (R == 0) return;
      const T* from = operands.in<T>(0) + i.offset(x.layout);  // the axes of the indices come first in x
      for (reference::Index j(row.shape); j.valid(); j.next()) {
        T& to = out[r * row.shape.size() + j.position()];
        to = reference::plus(to, from[j.offset(row)]);
      }
    }
  });
}

}  // namespace

extern const KernelDef take_reference = reference::kernel<take>("take", ErrorBound::exact());
extern const KernelDef scatter_add_reference =
    reference::kernel<scatter_add>("scatter_add", ErrorBound::sum("the rows added to one", "sum |x|"));

}  // namespace retrograd::kernels
