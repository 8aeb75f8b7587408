// argmax along one axis: x [..., K, ...] -> y [..., ...] in i32, the first of equal elements, NaN as the
// largest.
#include "core/attributes/argmax.h"

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

template <typename T>
std::int32_t first_largest(const T* x, std::int64_t count, std::int64_t step) {
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < count; ++k) {
    const T value = x[k * step];
    const T largest = x[best * step];
    if (value > largest || (value != value && largest == largest)) best = k;
  }
  return static_cast<std::int32_t>(best);
}

void argmax(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const std::int64_t axis = call.attributes.as<attributes::Argmax>().axis;
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(reference::without(x.shape(), axis)); i.valid(); i.next()) {
      operands.out<std::int32_t>()[i.position()] =
          first_largest(operands.in<T>(0) + i.offset(x.layout), x.shape()[static_cast<int>(axis)],
                        reference::stride(x.layout, axis));
    }
  });
}

}  // namespace

extern const KernelDef argmax_reference = reference::kernel<argmax>("argmax");

}  // namespace retrograd::kernels
