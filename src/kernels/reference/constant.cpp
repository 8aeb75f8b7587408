// constant: y []
#include "core/attributes/constant.h"

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void constant(const Call& call, const Operands& operands, int, int) {
  const double value = call.attributes.as<attributes::Constant>().value;
  reference::with_any(call.outputs[0].dtype,
                      [&]<typename T>(T) { *operands.out<T>() = static_cast<T>(value); });
}

}  // namespace

extern const KernelDef constant_reference = reference::kernel<constant>("constant", ErrorBound::in_ulps(0.5));

}  // namespace retrograd::kernels
