// argmax and argmin along one axis: x [..., K, ...] -> y [..., ...] in i32, the first of equal elements; a
// NaN comes before all numbers.
#include "core/attributes/argmax.h"

#include <functional>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// The first element that no other is before.
template <typename Before, typename T>
std::int32_t first(const T* x, std::int64_t count, std::int64_t step) {
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < count; ++k) {
    const T value = x[k * step];
    const T found = x[best * step];
    if (Before()(value, found) || (value != value && found == found)) best = k;
  }
  return static_cast<std::int32_t>(best);
}

template <typename Before>
void arg(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const std::int64_t axis = call.attributes.as<attributes::Argmax>().axis;
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(reference::without(x.shape(), axis)); i.valid(); i.next()) {
      operands.out<std::int32_t>()[i.position()] =
          first<Before>(operands.in<T>(0) + i.offset(x.layout), x.shape()[static_cast<int>(axis)],
                        reference::stride(x.layout, axis));
    }
  });
}

}  // namespace

extern const KernelDef argmax_reference =
    reference::kernel<arg<std::greater<>>>("argmax", ErrorBound::exact());
extern const KernelDef argmin_reference = reference::kernel<arg<std::less<>>>("argmin", ErrorBound::exact());

}  // namespace retrograd::kernels
