// gather: x [..., R, ...], indices [..., I, ...] -> y [..., I, ...], and its transpose
// scatter_add_along: x [..., I, ...], indices [..., I, ...] -> y [..., R, ...], added in the order of the
// indices.
#include "core/attributes/axis.h"
#include "core/attributes/scatter_add_along.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// The layout seen with index 0 along the axis.
Layout across(Layout layout, std::int64_t axis) {
  layout.strides[static_cast<std::size_t>(axis)] = 0;
  return layout;
}

void gather(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const View& indices = call.inputs[1];
  const std::int64_t axis = call.attributes.as<attributes::Axis>().axis;
  const std::int64_t R = x.shape()[static_cast<int>(axis)];
  const Layout lines = across(x.layout, axis);
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(indices.shape()); i.valid(); i.next()) {
      const std::int64_t given = reference::index_at(operands, 1, indices.dtype, i.offset(indices.layout));
      const std::int64_t r = reference::checked(given, R, operands.fault);
      const T* line = operands.in<T>(0) + i.offset(lines);
      // Of no elements at all there is none to clamp to; the fault is set.
      operands.out<T>()[i.position()] = R == 0 ? T{0} : line[r * reference::stride(x.layout, axis)];
    }
  });
}

void scatter_add_along(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const View& indices = call.inputs[1];
  const View& y = call.outputs[0];
  const auto& attributes = call.attributes.as<attributes::ScatterAddAlong>();
  const Layout lines = across(y.layout, attributes.axis);
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (std::int64_t i = 0; i < y.size(); ++i) operands.out<T>()[i] = T{0};
    for (reference::Index i(indices.shape()); i.valid(); i.next()) {
      const std::int64_t given = reference::index_at(operands, 1, indices.dtype, i.offset(indices.layout));
      const std::int64_t r = reference::checked(given, attributes.extent, operands.fault);
      if (attributes.extent == 0) return;
      T& to = operands.out<T>()[i.offset(lines) + r * reference::stride(y.layout, attributes.axis)];
      to = reference::plus(to, operands.in<T>(0)[i.offset(x.layout)]);
    }
  });
}

}  // namespace

extern const KernelDef gather_reference = reference::kernel<gather>("gather", ErrorBound::exact());
extern const KernelDef scatter_add_along_reference = reference::kernel<scatter_add_along>(
    "scatter_add_along", ErrorBound::sum("the elements added to one", "sum |x|"));

}  // namespace retrograd::kernels
