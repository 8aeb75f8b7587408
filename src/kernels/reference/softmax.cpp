// softmax and log_softmax along one axis: x [..., K, ...] -> y of the same shape.
#include <cmath>

#include "core/attributes/axis.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// A line of K elements along the axis, in an input and in the output.
template <typename T>
struct Line {
  const T* x;
  T* y;
  std::int64_t K, x_step, y_step;

  T largest() const {
    T value = x[0];
    for (std::int64_t k = 1; k < K; ++k) value = x[k * x_step] > value ? x[k * x_step] : value;
    return value;
  }
};

template <typename T>
void softmax_line(const Line<T>& line) {
  const T largest = line.largest();
  T sum = 0;
  for (std::int64_t k = 0; k < line.K; ++k) {
    const T e = std::exp(line.x[k * line.x_step] - largest);
    line.y[k * line.y_step] = e;
    sum += e;
  }
  for (std::int64_t k = 0; k < line.K; ++k) line.y[k * line.y_step] /= sum;
}

template <typename T>
void log_softmax_line(const Line<T>& line) {
  const T largest = line.largest();
  T sum = 0;
  for (std::int64_t k = 0; k < line.K; ++k) sum += std::exp(line.x[k * line.x_step] - largest);
  const T log_sum = std::log(sum);
  for (std::int64_t k = 0; k < line.K; ++k)
    line.y[k * line.y_step] = line.x[k * line.x_step] - largest - log_sum;
}

template <typename F>
void for_each_line(const Call& call, const Operands& operands, const F& f) {
  const View& x = call.inputs[0];
  if (x.size() == 0) return;
  const Layout& y = call.outputs[0].layout;
  const std::int64_t axis = call.attributes.as<attributes::Axis>().axis;
  reference::with_floating(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(reference::without(x.shape(), axis)); i.valid(); i.next()) {
      f(Line<T>{operands.in<T>(0) + i.offset(x.layout), operands.out<T>() + i.offset(y),
                x.shape()[static_cast<int>(axis)], reference::stride(x.layout, axis),
                reference::stride(y, axis)});
    }
  });
}

void softmax(const Call& call, const Operands& operands, int, int) {
  for_each_line(call, operands, []<typename T>(const Line<T>& line) { softmax_line(line); });
}

void log_softmax(const Call& call, const Operands& operands, int, int) {
  for_each_line(call, operands, []<typename T>(const Line<T>& line) { log_softmax_line(line); });
}

}  // namespace

extern const KernelDef softmax_reference = reference::kernel<softmax>("softmax", softmax_error);
extern const KernelDef log_softmax_reference =
    reference::kernel<log_softmax>("log_softmax", log_softmax_error);

}  // namespace retrograd::kernels
