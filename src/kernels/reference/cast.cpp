// cast: x -> y of the same shape in another dtype. To an integer: towards zero, beyond the range to its end,
// NaN to 0.
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

template <typename To, typename From>
To convert(From value) {
  using Limits = std::numeric_limits<To>;
  if constexpr (std::is_same_v<To, bool>) {
    return value != From{0};
  } else if constexpr (std::is_floating_point_v<To> || std::is_same_v<From, bool>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_floating_point_v<From>) {
    if (value != value) return 0;
    if (value >= static_cast<From>(Limits::max())) return Limits::max();
    if (value <= static_cast<From>(Limits::min())) return Limits::min();
    return static_cast<To>(value);
  } else {
    if (std::cmp_greater(value, Limits::max())) return Limits::max();
    if (std::cmp_less(value, Limits::min())) return Limits::min();
    return static_cast<To>(value);
  }
}

void cast(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  reference::with_any(x.dtype, [&]<typename From>(From) {
    reference::with_any(call.outputs[0].dtype, [&]<typename To>(To) {
      for (reference::Index i(x.shape()); i.valid(); i.next()) {
        operands.out<To>()[i.position()] = convert<To>(operands.in<From>(0)[i.offset(x.layout)]);
      }
    });
  });
}

}  // namespace

extern const KernelDef cast_reference = reference::kernel<cast>("cast", ErrorBound::in_ulps(0.5));

}  // namespace retrograd::kernels
