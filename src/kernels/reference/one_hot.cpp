// one_hot: indices [...] -> y [..., C]
#include "core/attributes/one_hot.h"

#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void one_hot(const Call& call, const Operands& operands, int, int) {
  const View& indices = call.inputs[0];
  const std::int64_t C = call.attributes.as<attributes::OneHot>().classes;
  reference::with_any(call.outputs[0].dtype, [&]<typename T>(T) {
    for (reference::Index i(indices.shape()); i.valid(); i.next()) {
      const std::int64_t given = reference::index_at(operands, 0, indices.dtype, i.offset(indices.layout));
      const std::int64_t hot = reference::checked(given, C, operands.fault);
      for (std::int64_t c = 0; c < C; ++c) operands.out<T>()[i.position() * C + c] = c == hot ? T{1} : T{0};
    }
  });
}

}  // namespace

extern const KernelDef one_hot_reference = reference::kernel<one_hot>("one_hot", ErrorBound::exact());

}  // namespace retrograd::kernels
