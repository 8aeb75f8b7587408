// Loops over vectors of dtypes. The calls are in cast.cpp and check_finite.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/convert_loop.cpp"  // NOLINT
#include "kernels/cpu/convert_loop.h"

#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

using Integers = hn::Rebind<std::int32_t, Tag>;
constexpr std::size_t most_lanes = hn::MaxLanes(Tag());

struct BytesToFloats {
  using From = std::uint8_t;
  using To = float;
  HWY_INLINE void operator()(const From* x, To* y) const {
    const hn::Rebind<std::uint8_t, Tag> bytes;
    store(Vector(hn::ConvertTo(Tag(), hn::PromoteTo(Integers(), hn::LoadU(bytes, x)))), y);
  }
};

struct IntegersToFloats {
  using From = std::int32_t;
  using To = float;
  HWY_INLINE void operator()(const From* x, To* y) const {
    store(Vector(hn::ConvertTo(Tag(), hn::LoadU(Integers(), x))), y);
  }
};

// Towards zero, beyond the range to its end, NaN to 0.
struct FloatsToIntegers {
  using From = float;
  using To = std::int32_t;
  HWY_INLINE void operator()(const From* x, To* y) const {
    const Integers d;
    const Vector value = load(x);
    const Mask is_large = value >= Vector(2147483648.0f);
    const Mask is_small = value < Vector(-2147483648.0f);
    const Vector held = select(is_large | is_small | (value != value), Vector(0), value);
    auto result = hn::ConvertTo(d, held.v);
    result = hn::IfThenElse(hn::RebindMask(d, is_large.m), hn::Set(d, 0x7fffffff), result);
    result = hn::IfThenElse(hn::RebindMask(d, is_small.m), hn::Set(d, -0x7fffffff - 1), result);
    hn::StoreU(result, d, y);
  }
};

struct FloatsToBooleans {
  using From = float;
  using To = std::uint8_t;
  HWY_INLINE void operator()(const From* x, To* y) const { store(load(x) != Vector(0), y); }
};

struct Bf16ToFloats {
  using From = std::uint16_t;
  using To = float;
  HWY_INLINE void operator()(const From* x, To* y) const {
    const hn::Rebind<std::uint16_t, Tag> halves;
    const hn::Rebind<std::uint32_t, Tag> words;
    const auto bits = hn::ShiftLeft<16>(hn::PromoteTo(words, hn::LoadU(halves, x)));
    store(Vector(hn::BitCast(Tag(), bits)), y);
  }
};

// To the nearest, a tie to the even one; a NaN stays one.
struct FloatsToBf16 {
  using From = float;
  using To = std::uint16_t;
  HWY_INLINE void operator()(const From* x, To* y) const {
    const hn::Rebind<std::uint16_t, Tag> halves;
    const hn::Rebind<std::uint32_t, Tag> words;
    const Vector value = load(x);
    const auto bits = hn::BitCast(words, value.v);
    const auto upper = hn::ShiftRight<16>(bits);
    const auto odd = hn::And(upper, hn::Set(words, 1u));
    const auto rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(hn::Set(words, 0x7fffu), odd)));
    const auto is_nan = hn::RebindMask(words, (value != value).m);
    const auto kept = hn::IfThenElse(is_nan, hn::Or(upper, hn::Set(words, 0x40u)), rounded);
    hn::StoreU(hn::DemoteTo(halves, hn::BitCast(Integers(), kept)), halves, y);
  }
};

template <typename F>
void loop(const void* from, void* to, std::size_t count) {
  using From = typename F::From;
  using To = typename F::To;
  const From* x = static_cast<const From*>(from);
  To* y = static_cast<To*>(to);
  const std::size_t lanes = hn::Lanes(Tag());
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) F()(x + i, y + i);
  if (i == count) return;
  From last_x[most_lanes] = {};
  To last_y[most_lanes];
  std::memcpy(last_x, x + i, (count - i) * sizeof(From));
  F()(last_x, last_y);
  std::memcpy(y + i, last_y, (count - i) * sizeof(To));
}

HWY_INLINE hn::Mask<Integers> not_finite(const float* x) {
  const Integers d;
  const auto exponent = hn::Set(d, 0x7f800000);
  return hn::Eq(hn::And(hn::BitCast(d, load(x).v), exponent), exponent);
}

}  // namespace

cpu::ConvertFunction find_convert_function(DType from, DType to) {
  if (to == DType::f32) {
    if (from == DType::u8 || from == DType::boolean) return loop<BytesToFloats>;
    if (from == DType::i32) return loop<IntegersToFloats>;
    if (from == DType::bf16) return loop<Bf16ToFloats>;
  }
  if (from == DType::f32) {
    if (to == DType::i32) return loop<FloatsToIntegers>;
    if (to == DType::boolean) return loop<FloatsToBooleans>;
    if (to == DType::bf16) return loop<FloatsToBf16>;
  }
  return nullptr;
}

std::int64_t find_first_not_finite(const float* x, std::size_t count) {
  const std::size_t lanes = hn::Lanes(Tag());
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    if (!hn::AllFalse(Integers(), hn::Or(not_finite(x + i), not_finite(x + i + lanes)))) break;
  }
  for (; i < count; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, x + i, sizeof(bits));
    if ((bits & 0x7f800000) == 0x7f800000) return static_cast<std::int64_t>(i);
  }
  return -1;
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_convert_function);
HWY_EXPORT(find_first_not_finite);

cpu::ConvertFunction cpu::convert_function(DType from, DType to) {
  return HWY_DYNAMIC_DISPATCH(find_convert_function)(from, to);
}
std::int64_t cpu::first_not_finite(const float* x, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(find_first_not_finite)(x, count);
}

}  // namespace retrograd::kernels
#endif
