// Element-wise ops that have no vector form: pow by the C library's function, logical ops on bools.
#include <cmath>

#include "kernels/reference/elementwise_loop.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void pow(const Call& call, const Operands& operands, int, int) {
  reference::with_floating(call.outputs[0].dtype, [&]<typename T>(T) {
    reference::loop<T, T, T>(
        call, operands, [](T a, T b) { return std::pow(a, b); }, std::index_sequence<0, 1>());
  });
}

void logical_and(const Call& call, const Operands& operands, int, int) {
  reference::loop<bool, bool, bool>(
      call, operands, [](bool a, bool b) { return a && b; }, std::index_sequence<0, 1>());
}

void logical_or(const Call& call, const Operands& operands, int, int) {
  reference::loop<bool, bool, bool>(
      call, operands, [](bool a, bool b) { return a || b; }, std::index_sequence<0, 1>());
}

void logical_not(const Call& call, const Operands& operands, int, int) {
  reference::loop<bool, bool>(
      call, operands, [](bool x) { return !x; }, std::index_sequence<0>());
}

template <void (*function)(const Call&, const Operands&, int, int)>
constexpr KernelDef elementwise(std::string_view op, const ErrorBound& error) {
  KernelDef kernel = reference::kernel<function>(op, error);
  kernel.in_place = any_input_in_place;
  return kernel;
}

}  // namespace

extern const KernelDef pow_reference = elementwise<pow>("pow", ErrorBound::in_ulps(1));
extern const KernelDef logical_and_reference = elementwise<logical_and>("logical_and", ErrorBound::exact());
extern const KernelDef logical_or_reference = elementwise<logical_or>("logical_or", ErrorBound::exact());
extern const KernelDef logical_not_reference = elementwise<logical_not>("logical_not", ErrorBound::exact());

}  // namespace retrograd::kernels
