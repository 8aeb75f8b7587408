// convolution and its two gradients: x [N, C, spatial...], w [O, C / groups, kernel...], y [N, O, places...],
// or images with the channels last. One loop visits every product of the three.
#include "core/attributes/convolution.h"

#include "kernels/image.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

using attributes::Convolution;

// The offsets in x, w and y of every term, in one order.
template <typename F>
void for_each_term(const Convolution& a, const Image& x, const Layout& w, const Image& y, const F& f) {
  const std::int64_t outputs = y.C / a.groups, channels = x.C / a.groups;  // of a group
  const int axes = x.spatial.shape.rank();
  Layout kernel;
  for (int axis = 0; axis < axes; ++axis) {
    kernel.strides[static_cast<std::size_t>(axis)] = reference::stride(w, axis + 2);
    kernel.shape.push_back(w.shape[axis + 2]);
  }
  for (std::int64_t n = 0; n < x.N; ++n) {
    for (std::int64_t o = 0; o < y.C; ++o) {
      for (reference::Index p(y.spatial.shape); p.valid(); p.next()) {
        const std::int64_t y_at = n * y.n_stride + o * y.c_stride + p.offset(y.spatial);
        for (reference::Index k(kernel.shape); k.valid(); k.next()) {
          std::int64_t x_at = n * x.n_stride + o / outputs * channels * x.c_stride;
          bool inside = true;
          for (int axis = 0; axis < axes; ++axis) {
            const auto s = static_cast<std::size_t>(axis);
            const std::int64_t i = p[axis] * a.stride[s] - a.low[s] + k[axis] * a.dilation[s];
            inside = inside && i >= 0 && i < x.spatial.shape[axis];
            x_at += i * x.spatial.strides[s];
          }
          if (!inside) continue;
          const std::int64_t w_at = o * reference::stride(w, 0) + k.offset(kernel);
          for (std::int64_t c = 0; c < channels; ++c)
            f(x_at + c * x.c_stride, w_at + c * reference::stride(w, 1), y_at);
        }
      }
    }
  }
}

template <typename T>
T* zeroed(const Call& call, const Operands& operands) {
  T* out = operands.out<T>();
  for (std::int64_t i = 0; i < call.outputs[0].size(); ++i) out[i] = T{0};
  return out;
}

void convolution(const Call& call, const Operands& operands, int, int) {
  const auto& a = call.attributes.as<Convolution>();
  const Image x = Image::of(call.inputs[0].layout, a.channels_last);
  const Image y = Image::of(call.outputs[0].layout, a.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* X = operands.in<T>(0);
    const T* W = operands.in<T>(1);
    T* Y = zeroed<T>(call, operands);
    for_each_term(a, x, call.inputs[1].layout, y,
                  [&](std::int64_t i, std::int64_t j, std::int64_t k) { Y[k] += X[i] * W[j]; });
  });
}

void input_gradient(const Call& call, const Operands& operands, int, int) {
  const auto& a = call.attributes.as<Convolution>();
  const Image dy = Image::of(call.inputs[0].layout, a.channels_last);
  const Image dx = Image::of(call.outputs[0].layout, a.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* DY = operands.in<T>(0);
    const T* W = operands.in<T>(1);
    T* DX = zeroed<T>(call, operands);
    for_each_term(a, dx, call.inputs[1].layout, dy,
                  [&](std::int64_t i, std::int64_t j, std::int64_t k) { DX[i] += DY[k] * W[j]; });
  });
}

void weight_gradient(const Call& call, const Operands& operands, int, int) {
  const auto& a = call.attributes.as<Convolution>();
  const Image x = Image::of(call.inputs[0].layout, a.channels_last);
  const Image dy = Image::of(call.inputs[1].layout, a.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* X = operands.in<T>(0);
    const T* DY = operands.in<T>(1);
    T* DW = zeroed<T>(call, operands);
    for_each_term(a, x, call.outputs[0].layout, dy,
                  [&](std::int64_t i, std::int64_t j, std::int64_t k) { DW[j] += X[i] * DY[k]; });
  });
}

}  // namespace

extern const KernelDef convolution_reference =
    reference::kernel<convolution>("convolution", ErrorBound::sum("the products in one sum", "sum |x w|"));
extern const KernelDef convolution_input_gradient_reference = reference::kernel<input_gradient>(
    "convolution_input_gradient", ErrorBound::sum("the products in one sum", "sum |dy w|"));
extern const KernelDef convolution_weight_gradient_reference = reference::kernel<weight_gradient>(
    "convolution_weight_gradient", ErrorBound::sum("the products in one sum", "sum |x dy|"));

}  // namespace retrograd::kernels
