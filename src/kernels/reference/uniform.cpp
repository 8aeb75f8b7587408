// uniform: counter [2] = {seed, step} -> y in f32, four elements a Philox block.
#include "core/attributes/uniform.h"

#include "core/philox.h"
#include "kernels/reference/loops.h"

namespace retrograd::kernels {
namespace {

void uniform(const Call& call, const Operands& operands, int, int) {
  const auto& attributes = call.attributes.as<attributes::Uniform>();
  const auto seed = static_cast<std::uint64_t>(operands.in<std::int64_t>(0)[0]);
  const auto step =
      static_cast<std::uint64_t>(operands.in<std::int64_t>(0)[reference::stride(call.inputs[0].layout, 0)]);
  const PhiloxKey key = philox_key(seed);
  const std::int64_t count = call.outputs[0].size();
  for (std::int64_t i = 0; i < count; ++i) {
    const PhiloxCounter words = philox(philox_counter(static_cast<std::uint32_t>(i / 4),
                                                      static_cast<std::uint32_t>(attributes.ordinal), step),
                                       key);
    operands.out<float>()[i] = unit_float(words[static_cast<std::size_t>(i % 4)]);
  }
}

}  // namespace

extern const KernelDef uniform_reference = reference::kernel<uniform>("uniform", ErrorBound::exact());

}  // namespace retrograd::kernels
