// uniform: counter [2] = {seed, step} -> y in f32, the numbers of the reference kernel to the bit, with the
// blocks of a vector side by side. The generator's definition is core/philox.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/uniform.cpp"  // NOLINT
#include "core/attributes/uniform.h"

#include <hwy/foreach_target.h>

#include <algorithm>
#include <cstdint>

#include "core/philox.h"
#include "kernels/cpu/ranges.h"
#include "kernels/cpu/rows.h"
#include "kernels/cpu/vector.h"
#include "kernels/kernel.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR

using Words = hn::Rebind<std::uint32_t, Tag>;

// The high and low words of a * b for every lane.
HWY_INLINE void multiply_words(hn::Vec<Words> a, std::uint32_t b, hn::Vec<Words>& high, hn::Vec<Words>& low) {
  const Words d;
  const hn::Repartition<std::uint64_t, Words> pairs;
  const hn::Vec<Words> factor = hn::Set(d, b);
  const auto even = hn::MulEven(a, factor);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(pairs, a))), factor);
  high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
  low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
}

HWY_INLINE hn::Vec<Tag> unit_floats(hn::Vec<Words> words) {
  const hn::Rebind<std::int32_t, Tag> integers;
  return hn::Mul(hn::ConvertTo(Tag(), hn::BitCast(integers, hn::ShiftRight<8>(words))),
                 hn::Set(Tag(), 0x1p-24f));
}

// The words of as many blocks as there are lanes, from counter[0] on: y [lanes, 4].
HWY_INLINE void fill_blocks(const PhiloxCounter& counter, PhiloxKey key, float* y) {
  const Words d;
  hn::Vec<Words> c0 = hn::Iota(d, counter[0]);
  hn::Vec<Words> c1 = hn::Set(d, counter[1]);
  hn::Vec<Words> c2 = hn::Set(d, counter[2]);
  hn::Vec<Words> c3 = hn::Set(d, counter[3]);
  for (int round = 0; round < 10; ++round) {
    hn::Vec<Words> a_high, a_low, b_high, b_low;
    multiply_words(c0, 0xD2511F53, a_high, a_low);
    multiply_words(c2, 0xCD9E8D57, b_high, b_low);
    c0 = hn::Xor(hn::Xor(b_high, c1), hn::Set(d, key[0]));
    c1 = b_low;
    c2 = hn::Xor(hn::Xor(a_high, c3), hn::Set(d, key[1]));
    c3 = a_low;
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  hn::StoreInterleaved4(unit_floats(c0), unit_floats(c1), unit_floats(c2), unit_floats(c3), Tag(), y);
}

#endif

}  // namespace

// y[0..count) from block counter[0] on.
void fill_uniform(PhiloxCounter counter, PhiloxKey key, float* y, std::int64_t count) {
#if HWY_TARGET != HWY_SCALAR
  const std::size_t lanes = hn::Lanes(Tag());
  const auto step = static_cast<std::int64_t>(4 * lanes);
  for (; count >= step; count -= step, y += step) {
    fill_blocks(counter, key, y);
    counter[0] += static_cast<std::uint32_t>(lanes);
  }
#endif
  for (std::int64_t i = 0; i < count; i += 4, ++counter[0]) {
    const PhiloxCounter words = philox(counter, key);
    for (std::int64_t j = i; j < std::min(i + 4, count); ++j) {
      y[j] = unit_float(words[static_cast<std::size_t>(j - i)]);
    }
  }
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(fill_uniform);

namespace {

bool supports(const Call& call) {
  return call.epilogue.empty() && call.outputs[0].size() > 0 && call.outputs[0].dtype == DType::f32;
}

Choice choose(const Call& call) { return {.shards = cpu::shards_for(call.outputs[0].size())}; }

void uniform(const Call& call, const Operands& operands, int shard, int shards) {
  const cpu::Range range = cpu::range_of(call.outputs[0].size(), shard, shards);
  const std::int64_t* counter = operands.in<std::int64_t>(0);
  const auto seed = static_cast<std::uint64_t>(counter[0]);
  const auto step = static_cast<std::uint64_t>(counter[call.inputs[0].layout.strides[0]]);
  const auto ordinal = static_cast<std::uint32_t>(call.attributes.as<attributes::Uniform>().ordinal);
  HWY_DYNAMIC_DISPATCH(fill_uniform)
  (philox_counter(static_cast<std::uint32_t>(range.begin / 4), ordinal, step), philox_key(seed),
   operands.out<float>() + range.begin, range.size());
}

}  // namespace

extern const KernelDef uniform_highway{.op = "uniform",
                                       .backend = "highway",
                                       .supports = supports,
                                       .choose = choose,
                                       .bind = FunctionKernel<uniform>::bind,
                                       .error = ErrorBound::exact()};

}  // namespace retrograd::kernels
#endif
