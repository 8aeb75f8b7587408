// check_finite: x -> y = x; the first NaN or infinity, in row-major order, is a fault.
#include <cmath>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void check_finite(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  reference::with_floating(x.dtype, [&]<typename T>(T) {
    T* y = operands.out<T>();  // null where only the check is wanted
    for (reference::Index i(x.shape()); i.valid(); i.next()) {
      const T value = operands.in<T>(0)[i.offset(x.layout)];
      if (!std::isfinite(value)) operands.fault->set(Fault::Kind::not_finite, i.position());
      if (y != nullptr) y[i.position()] = value;
    }
  });
}

}  // namespace

extern const KernelDef check_finite_reference = [] {
  KernelDef kernel = reference::kernel<check_finite>("check_finite", ErrorBound::exact());
  kernel.in_place = any_input_in_place;
  return kernel;
}();

}  // namespace retrograd::kernels
