// cumulative_sum along one axis: x [..., K, ...] -> y of the same shape. Sums are taken in order, in the
// dtype itself; integers wrap.
#include "core/attributes/cumulative_sum.h"

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void cumulative_sum(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  if (x.size() == 0) return;
  const Layout& to = call.outputs[0].layout;
  const auto& attributes = call.attributes.as<attributes::CumulativeSum>();
  const std::int64_t K = x.shape()[static_cast<int>(attributes.axis)];
  const std::int64_t x_step = reference::stride(x.layout, attributes.axis);
  const std::int64_t y_step = reference::stride(to, attributes.axis);
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(reference::without(x.shape(), attributes.axis)); i.valid(); i.next()) {
      const T* from = operands.in<T>(0) + i.offset(x.layout);
      T* y = operands.out<T>() + i.offset(to);
      T sum = 0;
      for (std::int64_t j = 0; j < K; ++j) {
        const std::int64_t k = attributes.reverse ? K - 1 - j : j;
        const T before = sum;
        sum = reference::plus(sum, from[k * x_step]);
        y[k * y_step] = attributes.exclusive ? before : sum;
      }
    }
  });
}

}  // namespace

extern const KernelDef cumulative_sum_reference =
    reference::kernel<cumulative_sum>("cumulative_sum", ErrorBound::sum("the terms so far", "sum |x|"));

}  // namespace retrograd::kernels
