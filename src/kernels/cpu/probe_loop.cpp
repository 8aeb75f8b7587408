// Multiply-adds in registers, and the triad.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/probe_loop.cpp"  // NOLINT
#include "kernels/cpu/probe_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {

const char* instruction_set_name() { return hwy::TargetName(HWY_TARGET); }

float multiply_add(std::int64_t rounds, double& flops) {
  constexpr std::size_t chains = 12;  // enough to hide the latency, few enough to stay in registers
  const Tag d;
  const auto factor = hn::Set(d, 0.999f);
  const auto term = hn::Set(d, 0.001f);  // every chain tends to 1
  hn::Vec<Tag> x[chains];
  HWY_UNROLL(12)
  for (std::size_t i = 0; i < chains; ++i) x[i] = hn::Set(d, static_cast<float>(i));
  for (std::int64_t round = 0; round < rounds; ++round) {
    HWY_UNROLL(12)
    for (std::size_t i = 0; i < chains; ++i) x[i] = hn::MulAdd(x[i], factor, term);
  }
  auto sum = x[0];
  for (std::size_t i = 1; i < chains; ++i) sum = hn::Add(sum, x[i]);
  flops += 2.0 * static_cast<double>(chains * hn::Lanes(d)) * static_cast<double>(rounds);
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

void triad_loop(float* a, const float* b, const float* c, float s, std::size_t count) {
  const std::size_t lanes = hn::Lanes(Tag());
  const Vector scale(s);
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    const Vector first = load(b + i) + scale * load(c + i);
    const Vector second = load(b + i + lanes) + scale * load(c + i + lanes);
    store(first, a + i);
    store(second, a + i + lanes);
  }
  for (; i < count; ++i) a[i] = b[i] + s * c[i];
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(instruction_set_name);
HWY_EXPORT(multiply_add);
HWY_EXPORT(triad_loop);

const char* cpu::instruction_set() { return HWY_DYNAMIC_DISPATCH(instruction_set_name)(); }
float cpu::multiply_add_rounds(std::int64_t rounds, double& flops) {
  return HWY_DYNAMIC_DISPATCH(multiply_add)(rounds, flops);
}
void cpu::triad(float* a, const float* b, const float* c, float s, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(triad_loop)(a, b, c, s, count);
}

}  // namespace retrograd::kernels
#endif
