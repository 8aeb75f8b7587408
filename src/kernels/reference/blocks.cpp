// The ops that cut blocks out of arrays and put them into others: slice (a plan takes a view instead),
// concatenate, pad, dynamic_slice, dynamic_update_slice.
#include <algorithm>

#include "core/attributes/axis.h"
#include "core/attributes/dynamic_slice.h"
#include "core/attributes/pad.h"
#include "core/attributes/slice.h"
#include "core/strided_copy.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// y[i] = x[start + i step]
void slice(const Call& call, const Operands& operands, int, int) {
  const auto& attributes = call.attributes.as<attributes::Slice>();
  const std::size_t element = size_of(call.outputs[0].dtype);
  Layout from{.shape = call.outputs[0].shape()};
  std::int64_t first = 0;
  for (std::size_t a = 0; a < attributes.starts.size(); ++a) {
    const std::int64_t stride = call.inputs[0].layout.strides[a];
    from.strides[a] = stride * attributes.steps[a];
    first += stride * attributes.starts[a];
  }
  strided_copy(from, operands.inputs[0] + first * static_cast<std::int64_t>(element), operands.outputs[0],
               element);
}

// x_0 [..., K_0, ...], x_1 [..., K_1, ...], ... -> y [..., K_0 + K_1 + ..., ...]: the part of an input behind
// one index of the axes in front lies in one piece in y.
void concatenate(const Call& call, const Operands& operands, int, int) {
  const auto axis = static_cast<int>(call.attributes.as<attributes::Axis>().axis);
  const Shape& y = call.outputs[0].shape();
  const auto element = static_cast<std::int64_t>(size_of(call.outputs[0].dtype));
  const Shape front(std::span<const std::int64_t>(y.begin(), static_cast<std::size_t>(axis)));
  std::int64_t row = 1;  // elements of y behind one index of `front`
  for (int a = axis; a < y.rank(); ++a) row *= y[a];
  std::int64_t column = 0;
  for (std::size_t k = 0; k < call.inputs.size(); ++k) {
    const Layout& x = call.inputs[k].layout;
    Layout piece;
    for (int a = axis; a < y.rank(); ++a) {
      piece.strides[static_cast<std::size_t>(a - axis)] = reference::stride(x, a);
      piece.shape.push_back(x.shape[a]);
    }
    if (piece.shape.size() == 0) continue;
    for (reference::Index i(front); i.valid(); i.next()) {
      strided_copy(piece, operands.inputs[k] + i.offset(x) * element,
                   operands.outputs[0] + (i.position() * row + column) * element,
                   size_of(call.outputs[0].dtype));
    }
    column += piece.shape.size();
  }
}

// y[low + i (interior + 1)] = x[i], the value elsewhere
void pad(const Call& call, const Operands& operands, int, int) {
  const auto& attributes = call.attributes.as<attributes::Pad>();
  const View& x = call.inputs[0];
  Layout to{.shape = x.shape()};
  std::int64_t first = 0;
  for (std::size_t a = 0; a < attributes.low.size(); ++a) {
    const std::int64_t stride = call.outputs[0].layout.strides[a];
    to.strides[a] = stride * (attributes.interior[a] + 1);
    first += stride * attributes.low[a];
  }
  reference::with_any(x.dtype, [&]<typename T>(T) {
    T* y = operands.out<T>();
    std::fill(y, y + call.outputs[0].size(), static_cast<T>(attributes.value));
    for (reference::Index i(x.shape()); i.valid(); i.next())
      y[first + i.offset(to)] = operands.in<T>(0)[i.offset(x.layout)];
  });
}

// Where a block of `extents` begins in `whole`, in elements, its starts (input `input`) moved so that it
// fits.
std::int64_t start_of(const Call& call, const Operands& operands, std::size_t input, const Shape& extents,
                      const Layout& whole) {
  const View& starts = call.inputs[input];
  std::int64_t first = 0;
  for (int a = 0; a < extents.rank(); ++a) {
    const std::int64_t at = a * reference::stride(starts.layout, 0);
    const std::int64_t given = reference::index_at(operands, input, starts.dtype, at);
    first += reference::stride(whole, a) * std::clamp<std::int64_t>(given, 0, whole.shape[a] - extents[a]);
  }
  return first;
}

void dynamic_slice(const Call& call, const Operands& operands, int, int) {
  const Shape& extents = call.attributes.as<attributes::DynamicSlice>().extents;
  const Layout& x = call.inputs[0].layout;
  Layout from = x;
  from.shape = extents;
  const auto element = static_cast<std::int64_t>(size_of(call.outputs[0].dtype));
  strided_copy(from, operands.inputs[0] + start_of(call, operands, 1, extents, x) * element,
               operands.outputs[0], size_of(call.outputs[0].dtype));
}

void dynamic_update_slice(const Call& call, const Operands& operands, int, int) {
  const View& update = call.inputs[1];
  const Layout& y = call.outputs[0].layout;
  strided_copy(call.inputs[0].layout, operands.inputs[0], operands.outputs[0],
               size_of(call.outputs[0].dtype));
  const std::int64_t first = start_of(call, operands, 2, update.shape(), y);
  reference::with_any(update.dtype, [&]<typename T>(T) {
    for (reference::Index i(update.shape()); i.valid(); i.next())
      operands.out<T>()[first + i.offset(y)] = operands.in<T>(1)[i.offset(update.layout)];
  });
}

}  // namespace

extern const KernelDef slice_reference = reference::kernel<slice>("slice", ErrorBound::exact());
extern const KernelDef concatenate_reference =
    reference::kernel<concatenate>("concatenate", ErrorBound::exact());
extern const KernelDef pad_reference = reference::kernel<pad>("pad", ErrorBound::in_ulps(0.5));
extern const KernelDef dynamic_slice_reference =
    reference::kernel<dynamic_slice>("dynamic_slice", ErrorBound::exact());
extern const KernelDef dynamic_update_slice_reference =
    reference::kernel<dynamic_update_slice>("dynamic_update_slice", ErrorBound::exact());

}  // namespace retrograd::kernels
