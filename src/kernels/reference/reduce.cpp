// sum, max, min and prod over some axes. The sum is taken in the dtype itself, in row-major order of the
// input; integers wrap.
#include "core/attributes/reduce.h"

#include <limits>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// y [kept axes] = first; y[k] = combine(y[k], x[k, r]) for every x [kept axes, reduced axes]
template <typename T, typename Combine>
void reduce(const Call& call, const Operands& operands, T first, const Combine& combine) {
  const View& x = call.inputs[0];
  const Layout y = reference::spread_layout(x.shape(), call.attributes.as<attributes::Reduce>().axes);
  T* out = operands.out<T>();
  for (std::int64_t i = 0; i < call.outputs[0].size(); ++i) out[i] = first;
  for (reference::Index i(x.shape()); i.valid(); i.next()) {
    T& to = out[i.offset(y)];
    to = combine(to, operands.in<T>(0)[i.offset(x.layout)]);
  }
}

void sum(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.outputs[0].dtype,
                         [&]<typename T>(T) { reduce(call, operands, T{0}, reference::plus<T>); });
}

void max(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.outputs[0].dtype, [&]<typename T>(T) {
    using Limits = std::numeric_limits<T>;
    const T least = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
    reduce(call, operands, least, [](T a, T b) { return b > a || b != b ? b : a; });  // b != b: a NaN
  });
}

void min(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.outputs[0].dtype, [&]<typename T>(T) {
    using Limits = std::numeric_limits<T>;
    const T most = Limits::has_infinity ? Limits::infinity() : Limits::max();
    reduce(call, operands, most, [](T a, T b) { return b < a || b != b ? b : a; });  // b != b: a NaN
  });
}

void prod(const Call& call, const Operands& operands, int, int) {
  reference::with_number(call.outputs[0].dtype,
                         [&]<typename T>(T) { reduce(call, operands, T{1}, reference::times<T>); });
}

}  // namespace

extern const KernelDef sum_reference = reference::kernel<sum>("sum", ErrorBound::sum("the terms", "sum |x|"));
extern const KernelDef min_reference = reference::kernel<min>("min", ErrorBound::exact());
extern const KernelDef prod_reference =
    reference::kernel<prod>("prod", ErrorBound::sum("the factors", "|y|"));
extern const KernelDef max_reference = reference::kernel<max>("max", ErrorBound::exact());

}  // namespace retrograd::kernels
