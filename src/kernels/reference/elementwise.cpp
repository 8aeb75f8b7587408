// The element-wise ops: inputs [...], all of one shape -> y [...], by the functions in kernels/elementwise/
// on single numbers. Integers wrap: this file is compiled with -fwrapv.
#include <type_traits>
#include <utility>

#include "kernels/reference/elementwise_loop.h"
#include "kernels/reference/loops.h"
#include "kernels/reference/scalar_functions.h"

namespace retrograd::kernels {
namespace {

template <typename F>
void run(const Call& call, const Operands& operands, int, int) {
  using reference::loop;
  const DType dtype = call.inputs[static_cast<std::size_t>(operands_of(F::form)) - 1].dtype;
  const auto of_type = [&]<typename T>(T) {
    if constexpr (F::form == Form::unary_number || F::form == Form::unary_floating) {
      loop<T, T>(call, operands, F(), std::index_sequence<0>());
    } else if constexpr (F::form == Form::comparison) {
      loop<bool, T, T>(call, operands, F(), std::index_sequence<0, 1>());
    } else if constexpr (F::form == Form::selection) {
      loop<T, bool, T, T>(call, operands, F(), std::index_sequence<0, 1, 2>());
    } else {
      loop<T, T, T>(call, operands, F(), std::index_sequence<0, 1>());
    }
  };
  if constexpr (F::form == Form::unary_floating || F::form == Form::binary_floating) {
    reference::with_floating(dtype, of_type);
  } else if constexpr (F::form == Form::selection) {
    reference::with_any(dtype, of_type);
  } else {
    reference::with_number(dtype, of_type);
  }
}

template <typename F>
constexpr KernelDef elementwise() {
  KernelDef kernel = reference::kernel<run<F>>(F::op, ErrorBound::in_ulps(F::max_ulp));
  kernel.in_place = any_input_in_place;
  return kernel;
}

}  // namespace

extern const KernelDef add_reference = elementwise<reference::Add>();
extern const KernelDef subtract_reference = elementwise<reference::Subtract>();
extern const KernelDef multiply_reference = elementwise<reference::Multiply>();
extern const KernelDef divide_reference = elementwise<reference::Divide>();
extern const KernelDef maximum_reference = elementwise<reference::Maximum>();
extern const KernelDef negative_reference = elementwise<reference::Negative>();
extern const KernelDef exp_reference = elementwise<reference::Exp>();
extern const KernelDef log_reference = elementwise<reference::Log>();
extern const KernelDef sqrt_reference = elementwise<reference::Sqrt>();
extern const KernelDef square_reference = elementwise<reference::Square>();
extern const KernelDef abs_reference = elementwise<reference::Abs>();
extern const KernelDef sigmoid_reference = elementwise<reference::Sigmoid>();
extern const KernelDef tanh_reference = elementwise<reference::Tanh>();
extern const KernelDef relu_reference = elementwise<reference::Relu>();
extern const KernelDef greater_reference = elementwise<reference::Greater>();
extern const KernelDef greater_equal_reference = elementwise<reference::GreaterEqual>();
extern const KernelDef equal_reference = elementwise<reference::Equal>();
extern const KernelDef minimum_reference = elementwise<reference::Minimum>();
extern const KernelDef log1p_reference = elementwise<reference::Log1p>();
extern const KernelDef expm1_reference = elementwise<reference::Expm1>();
extern const KernelDef rsqrt_reference = elementwise<reference::Rsqrt>();
extern const KernelDef reciprocal_reference = elementwise<reference::Reciprocal>();
extern const KernelDef sign_reference = elementwise<reference::Sign>();
extern const KernelDef floor_reference = elementwise<reference::Floor>();
extern const KernelDef round_reference = elementwise<reference::Round>();
extern const KernelDef sin_reference = elementwise<reference::Sin>();
extern const KernelDef cos_reference = elementwise<reference::Cos>();
extern const KernelDef erf_reference = elementwise<reference::Erf>();
extern const KernelDef not_equal_reference = elementwise<reference::NotEqual>();
extern const KernelDef less_reference = elementwise<reference::Less>();
extern const KernelDef less_equal_reference = elementwise<reference::LessEqual>();
extern const KernelDef where_reference = elementwise<reference::Where>();

}  // namespace retrograd::kernels
