// Vectors of floats as values: the vocabulary in which the functions of kernels/elementwise/ are vector code.
// Included once for each instruction set by files that use hwy/foreach_target.h, so the guard is Highway's.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "kernels/elementwise_form.h"

#if defined(RETROGRAD_KERNELS_CPU_VECTOR_H) == defined(HWY_TARGET_TOGGLE)
#ifdef RETROGRAD_KERNELS_CPU_VECTOR_H
#undef RETROGRAD_KERNELS_CPU_VECTOR_H
#else
#define RETROGRAD_KERNELS_CPU_VECTOR_H
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;

struct Mask {
  hn::Mask<Tag> m;
};
HWY_INLINE Mask operator|(Mask a, Mask b) { return {hn::Or(a.m, b.m)}; }
HWY_INLINE Mask operator&(Mask a, Mask b) { return {hn::And(a.m, b.m)}; }

struct Vector {
  Vector() = default;
  HWY_INLINE explicit Vector(hn::Vec<Tag> value) : v(value) {}
  HWY_INLINE explicit Vector(float value) : v(hn::Set(Tag(), value)) {}
  HWY_INLINE explicit Vector(int value) : v(hn::Set(Tag(), static_cast<float>(value))) {}
  hn::Vec<Tag> v;
};

HWY_INLINE Vector operator+(Vector a, Vector b) { return Vector(hn::Add(a.v, b.v)); }
HWY_INLINE Vector operator-(Vector a, Vector b) { return Vector(hn::Sub(a.v, b.v)); }
HWY_INLINE Vector operator*(Vector a, Vector b) { return Vector(hn::Mul(a.v, b.v)); }
HWY_INLINE Vector operator/(Vector a, Vector b) { return Vector(hn::Div(a.v, b.v)); }
HWY_INLINE Vector operator-(Vector a) { return Vector(hn::Neg(a.v)); }
HWY_INLINE Mask operator>(Vector a, Vector b) { return {hn::Gt(a.v, b.v)}; }
HWY_INLINE Mask operator>=(Vector a, Vector b) { return {hn::Ge(a.v, b.v)}; }
HWY_INLINE Mask operator<(Vector a, Vector b) { return {hn::Lt(a.v, b.v)}; }
HWY_INLINE Mask operator<=(Vector a, Vector b) { return {hn::Le(a.v, b.v)}; }
HWY_INLINE Mask operator==(Vector a, Vector b) { return {hn::Eq(a.v, b.v)}; }
// Not hn::Ne, which is false of a NaN on x86.
HWY_INLINE Mask operator!=(Vector a, Vector b) { return {hn::Not(hn::Eq(a.v, b.v))}; }
HWY_INLINE Vector select(Mask mask, Vector a, Vector b) { return Vector(hn::IfThenElse(mask.m, a.v, b.v)); }

HWY_INLINE Vector abs(Vector x) { return Vector(hn::Abs(x.v)); }
HWY_INLINE Vector sqrt(Vector x) { return Vector(hn::Sqrt(x.v)); }
HWY_INLINE Vector floor(Vector x) { return Vector(hn::Floor(x.v)); }
HWY_INLINE Vector round(Vector x) { return Vector(hn::Round(x.v)); }

// Highway's mathematics is not defined for every argument; these say what it is at NaN, infinities and
// overflow.
HWY_INLINE Vector exp(Vector x) {
  const float largest = 88.7228394f;  // log of the largest float
  const Vector y(hn::Exp(Tag(), hn::Min(x.v, hn::Set(Tag(), largest))));
  const Vector finite = select(x > Vector(largest), Vector(hwy::HighestValue<float>() * 2.0f), y);
  return select(x != x, x, finite);
}
HWY_INLINE Vector log(Vector x) {
  const float infinity = hwy::HighestValue<float>() * 2.0f;
  const Vector y(hn::Log(Tag(), x.v));
  const Vector positive = select(x == Vector(infinity), x, select(x == Vector(0), Vector(-infinity), y));
  return select(x < Vector(0), Vector(infinity - infinity), select(x != x, x, positive));
}
HWY_INLINE Vector tanh(Vector x) {
  const Vector bounded(
      hn::Clamp(x.v, hn::Set(Tag(), -10.0f), hn::Set(Tag(), 10.0f)));  // tanh(10) rounds to 1
  return select(x != x, x, Vector(hn::Tanh(Tag(), bounded.v)));
}
HWY_INLINE Vector expm1(Vector x) {
  const float largest = 88.7228394f;
  const Vector y(hn::Expm1(Tag(), hn::Min(x.v, hn::Set(Tag(), largest))));
  const Vector finite = select(x > Vector(largest), Vector(hwy::HighestValue<float>() * 2.0f), y);
  return select(x != x, x, finite);
}
HWY_INLINE Vector log1p(Vector x) {
  const float infinity = hwy::HighestValue<float>() * 2.0f;
  const Vector y(hn::Log1p(Tag(), x.v));
  const Vector defined = select(x == Vector(infinity), x, select(x == Vector(-1.0f), Vector(-infinity), y));
  return select(x < Vector(-1.0f), Vector(infinity - infinity), select(x != x, x, defined));
}

// f_vector where every lane is small enough for its reduction by multiples of pi, else the library's f, lane
// by lane; NaN and infinities are not small.
template <typename F, typename Scalar>
HWY_INLINE Vector periodic(Vector x, F f_vector, Scalar f) {
  const Tag d;
  if (HWY_LIKELY(hn::AllTrue(d, (abs(x) <= Vector(30000.0f)).m))) return f_vector(x);
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(x.v, d, lanes);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) lanes[i] = f(lanes[i]);
  return Vector(hn::Load(d, lanes));
}
HWY_INLINE Vector sin(Vector x) {
  return periodic(
      x, [](Vector small) HWY_ATTR { return Vector(hn::Sin(Tag(), small.v)); },
      [](float lane) { return std::sin(lane); });
}
HWY_INLINE Vector cos(Vector x) {
  return periodic(
      x, [](Vector small) HWY_ATTR { return Vector(hn::Cos(Tag(), small.v)); },
      [](float lane) { return std::cos(lane); });
}

// Up to |x| = 0.92 x times a polynomial in x^2, beyond it 1 - e^p(|x|) with a polynomial p; coefficients of
// least relative error, fitted for single precision. Within 2 units in the last place.
HWY_INLINE Vector erf(Vector x) {
  const auto polynomial = [](Vector at, float first, auto... coefficients) HWY_ATTR {
    Vector sum(first);
    ((sum = sum * at + Vector(coefficients)), ...);
    return sum;
  };
  const Vector factor = polynomial(x * x, -5.99085062e-4f, 4.99317935e-3f, -2.6766615e-2f, 1.12818159e-1f,
                                   -3.76124948e-1f, 1.28379151e-1f);
  const Vector t(hn::Min(hn::Abs(x.v), hn::Set(Tag(), 4.0f)));  // erf(4) rounds to 1
  const Vector p = polynomial(t, -1.04331148e-5f, 3.14858102e-4f, -3.61034204e-3f, 2.36945655e-2f,
                              -1.06159046e-1f, -6.35198057e-1f, -1.28637075e-1f);
  const Vector large(hn::CopySign((Vector(1.0f) - exp(p * t - t)).v, x.v));
  return select(x != x, x, select(abs(x) > Vector(0.921875f), large, factor * x + x));
}

#include "kernels/elementwise_list.h"

// Floats, and booleans as bytes of 0 or 1, to and from memory of any alignment.
HWY_INLINE Vector load(const float* from) { return Vector(hn::LoadU(Tag(), from)); }
HWY_INLINE void store(Vector value, float* to) { hn::StoreU(value.v, Tag(), to); }
HWY_INLINE Mask load(const std::uint8_t* from) {
  const hn::Rebind<std::int32_t, Tag> integers;
  const hn::Rebind<std::uint8_t, Tag> bytes;
  const auto wide = hn::PromoteTo(integers, hn::LoadU(bytes, from));
  return {hn::MaskFromVec(hn::BitCast(Tag(), hn::VecFromMask(integers, hn::Gt(wide, hn::Zero(integers)))))};
}
HWY_INLINE void store(Mask value, std::uint8_t* to) {
  const hn::Rebind<std::int32_t, Tag> integers;
  const hn::Rebind<std::uint8_t, Tag> bytes;
  const auto ones = hn::IfThenElseZero(value.m, hn::Set(Tag(), 1.0f));
  hn::StoreU(hn::DemoteTo(bytes, hn::ConvertTo(integers, ones)), bytes, to);
}

// The first `count` lanes from memory, none beyond.
HWY_INLINE hn::Vec<Tag> load_first(const float* from, std::size_t count) {
  const Tag d;
#if HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, count), d, from);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(d)] = {};
  std::memcpy(lanes, from, count * sizeof(float));
  return hn::Load(d, lanes);
#endif
}

HWY_INLINE void store_first(hn::Vec<Tag> value, float* to, std::size_t count) {
  const Tag d;
#if HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(value, hn::FirstN(d, count), d, to);
#else
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(value, d, lanes);
  std::memcpy(to, lanes, count * sizeof(float));
#endif
}

// Calls f(i, read, write) for each vector of `count` floats, which begins with the i-th; read and write move
// no more than there are.
template <typename F>
HWY_INLINE void for_each_vector(std::int64_t count, const F& f) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    f(
        i, [](const float* from) HWY_ATTR { return load(from); },
        [](Vector value, float* to) HWY_ATTR { store(value, to); });
  }
  if (i == count) return;
  const auto left = static_cast<std::size_t>(count - i);
  f(
      i, [left](const float* from) HWY_ATTR { return Vector(load_first(from, left)); },
      [left](Vector value, float* to) HWY_ATTR { store_first(value.v, to, left); });
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
