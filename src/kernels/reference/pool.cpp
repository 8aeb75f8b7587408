// max_pool with its gradient and the gradient of that, average_pool with its gradient: x [N, C, spatial...],
// y [N, C, places...], or images with the channels last. A sum is taken in the dtype itself.
#include "core/attributes/pool.h"

#include "kernels/image.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

using attributes::Pool;

// One window: where its output lies in y, where it begins in x and in a second image of x's extents, and its
// own extents.
struct Window {
  std::int64_t y_at = 0;
  std::int64_t x_at = 0;
  std::int64_t second_at = 0;
  Layout elements;  // strides in x
  std::int64_t divisor = 1;
};

template <typename F>
void for_each_window(const Pool& pool, const Image& x, const Image& second, const Image& y, const F& f) {
  const int axes = x.spatial.shape.rank();
  for (reference::Index p(y.spatial.shape); p.valid(); p.next()) {
    Window window;
    std::int64_t begin = 0, second_begin = 0;
    for (int axis = 0; axis < axes; ++axis) {
      const auto a = static_cast<std::size_t>(axis);
      const std::int64_t first = pool.begin(a, p[axis], x.spatial.shape[axis]);
      window.elements.strides[a] = x.spatial.strides[a];
      window.elements.shape.push_back(pool.end(a, p[axis], x.spatial.shape[axis]) - first);
      begin += first * x.spatial.strides[a];
      second_begin += first * second.spatial.strides[a];
      if (pool.count_include_pad && pool.outputs.empty()) window.divisor *= pool.window[a];
    }
    if (!pool.count_include_pad || !pool.outputs.empty()) window.divisor = window.elements.shape.size();
    for (std::int64_t n = 0; n < x.N; ++n) {
      for (std::int64_t c = 0; c < x.C; ++c) {
        window.x_at = n * x.n_stride + c * x.c_stride + begin;
        window.second_at = n * second.n_stride + c * second.c_stride + second_begin;
        window.y_at = n * y.n_stride + c * y.c_stride + p.offset(y.spatial);
        f(window);
      }
    }
  }
}

// The offset of the first of the largest elements, counted from the window's first; NaN is the largest.
template <typename T>
reference::Index largest(const T* x, const Window& window) {
  reference::Index best(window.elements.shape);
  T value = x[window.x_at];
  for (reference::Index k(window.elements.shape); k.valid(); k.next()) {
    const T candidate = x[window.x_at + k.offset(window.elements)];
    if (!(candidate > value || (candidate != candidate && value == value))) continue;
    best = k;
    value = candidate;
  }
  return best;
}

void max_pool(const Call& call, const Operands& operands, int, int) {
  const auto& pool = call.attributes.as<Pool>();
  const Image x = Image::of(call.inputs[0].layout, pool.channels_last);
  const Image y = Image::of(call.outputs[0].layout, pool.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* X = operands.in<T>(0);
    for_each_window(pool, x, x, y, [&](const Window& window) {
      operands.out<T>()[window.y_at] = X[window.x_at + largest(X, window).offset(window.elements)];
    });
  });
}

void max_pool_gradient(const Call& call, const Operands& operands, int, int) {
  const auto& pool = call.attributes.as<Pool>();
  const Image x = Image::of(call.inputs[0].layout, pool.channels_last);
  const Image dy = Image::of(call.inputs[1].layout, pool.channels_last);
  const Image dx = Image::of(call.outputs[0].layout, pool.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* X = operands.in<T>(0);
    T* DX = operands.out<T>();
    for (std::int64_t i = 0; i < call.outputs[0].size(); ++i) DX[i] = T{0};
    for_each_window(pool, x, dx, dy, [&](const Window& window) {
      DX[window.second_at + largest(X, window).offset({window.elements.shape, dx.spatial.strides, 0})] +=
          operands.in<T>(1)[window.y_at];
    });
  });
}

void max_pool_pick(const Call& call, const Operands& operands, int, int) {
  const auto& pool = call.attributes.as<Pool>();
  const Image x = Image::of(call.inputs[0].layout, pool.channels_last);
  const Image g = Image::of(call.inputs[1].layout, pool.channels_last);
  const Image y = Image::of(call.outputs[0].layout, pool.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    for_each_window(pool, x, g, y, [&](const Window& window) {
      const reference::Index found = largest(operands.in<T>(0), window);
      operands.out<T>()[window.y_at] =
          operands.in<T>(1)[window.second_at + found.offset({window.elements.shape, g.spatial.strides, 0})];
    });
  });
}

void average_pool(const Call& call, const Operands& operands, int, int) {
  const auto& pool = call.attributes.as<Pool>();
  const Image x = Image::of(call.inputs[0].layout, pool.channels_last);
  const Image y = Image::of(call.outputs[0].layout, pool.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    const T* X = operands.in<T>(0);
    for_each_window(pool, x, x, y, [&](const Window& window) {
      T sum = 0;
      for (reference::Index k(window.elements.shape); k.valid(); k.next())
        sum += X[window.x_at + k.offset(window.elements)];
      operands.out<T>()[window.y_at] = sum / static_cast<T>(window.divisor);
    });
  });
}

void average_pool_gradient(const Call& call, const Operands& operands, int, int) {
  const auto& pool = call.attributes.as<Pool>();
  const Image dy = Image::of(call.inputs[0].layout, pool.channels_last);
  const Image dx = Image::of(call.outputs[0].layout, pool.channels_last);
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    T* DX = operands.out<T>();
    for (std::int64_t i = 0; i < call.outputs[0].size(); ++i) DX[i] = T{0};
    for_each_window(pool, dx, dx, dy, [&](const Window& window) {
      const T share = operands.in<T>(0)[window.y_at] / static_cast<T>(window.divisor);
      for (reference::Index k(window.elements.shape); k.valid(); k.next())
        DX[window.x_at + k.offset(window.elements)] += share;
    });
  });
}

}  // namespace

extern const KernelDef max_pool_reference = reference::kernel<max_pool>("max_pool", ErrorBound::exact());
extern const KernelDef max_pool_gradient_reference = reference::kernel<max_pool_gradient>(
    "max_pool_gradient", ErrorBound::sum("the windows that an element is the largest of", "sum |dy|"));
extern const KernelDef max_pool_pick_reference =
    reference::kernel<max_pool_pick>("max_pool_pick", ErrorBound::exact());
extern const KernelDef average_pool_reference =
    reference::kernel<average_pool>("average_pool", ErrorBound::sum("the elements of a window", "mean |x|"));
extern const KernelDef average_pool_gradient_reference = reference::kernel<average_pool_gradient>(
    "average_pool_gradient", ErrorBound::sum("the windows over an element", "sum |dy| / elements"));

}  // namespace retrograd::kernels
