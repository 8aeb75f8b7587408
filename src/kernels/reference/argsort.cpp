// argsort along one axis: x [..., K, ...] -> y [..., count, ...] in i32; equal elements stay in order, NaN is
// the largest.
#include "core/attributes/argsort.h"

#include <algorithm>

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

// A total order of the positions of a line, so that sorting without memory of its own keeps equal elements in
// order.
template <typename T>
struct Before {
  const T* x;
  std::int64_t step;
  bool descending;

  static bool less(T a, T b) { return a < b || (b != b && a == a); }
  bool operator()(std::int32_t i, std::int32_t j) const {
    const T a = x[i * step];
    const T b = x[j * step];
    if (less(a, b)) return !descending;
    if (less(b, a)) return descending;
    return i < j;
  }
};

std::int64_t extent_of(const Call& call) {
  return call.inputs[0].shape()[static_cast<int>(call.attributes.as<attributes::Argsort>().axis)];
}

void argsort(const Call& call, const Operands& operands, int, int) {
  const View& x = call.inputs[0];
  const Layout& y = call.outputs[0].layout;
  const auto& attributes = call.attributes.as<attributes::Argsort>();
  const std::int64_t K = extent_of(call);
  if (x.size() == 0) return;
  auto* positions = reinterpret_cast<std::int32_t*>(operands.scratch);
  reference::with_number(x.dtype, [&]<typename T>(T) {
    for (reference::Index i(reference::without(x.shape(), attributes.axis)); i.valid(); i.next()) {
      for (std::int64_t k = 0; k < K; ++k) positions[k] = static_cast<std::int32_t>(k);
      const Before<T> before{operands.in<T>(0) + i.offset(x.layout),
                             reference::stride(x.layout, attributes.axis), attributes.descending};
      std::partial_sort(positions, positions + attributes.count, positions + K, before);
      std::int32_t* to = operands.out<std::int32_t>() + i.offset(y);
      for (std::int64_t k = 0; k < attributes.count; ++k)
        to[k * reference::stride(y, attributes.axis)] = positions[k];
    }
  });
}

Choice choose(const Call& call) {
  Choice choice = reference::choose_widened(call);
  choice.scratch_bytes = static_cast<std::size_t>(extent_of(call)) * sizeof(std::int32_t);
  return choice;
}

}  // namespace

extern const KernelDef argsort_reference = [] {
  KernelDef kernel = reference::kernel<argsort>("argsort", ErrorBound::exact());
  kernel.choose = choose;
  return kernel;
}();

}  // namespace retrograd::kernels
