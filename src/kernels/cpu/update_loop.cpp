// Parameters and moments, updated in one pass over memory.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/update_loop.cpp"  // NOLINT
#include "kernels/cpu/update_loop.h"

#include <hwy/foreach_target.h>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

// Elements [i, i + count) of an array; count is the number of lanes where Whole.
template <bool Whole>
struct Piece {
  std::int64_t i;
  std::size_t count;
  HWY_INLINE Vector read(const float* x) const {
    return Whole ? load(x + i) : Vector(load_first(x + i, count));
  }
  HWY_INLINE void write(Vector value, float* to) const {
    if (to == nullptr) return;
    if (Whole) {
      store(value, to + i);
    } else {
      store_first(value.v, to + i, count);
    }
  }
};

template <typename Step>
HWY_INLINE void walk(const Step& step, std::int64_t count) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) step(Piece<true>{i, static_cast<std::size_t>(lanes)});
  if (i < count) step(Piece<false>{i, static_cast<std::size_t>(count - i)});
}

// The moments are rounded as the definition says. The direction is m' / (sqrt(v') s + e) with the corrections
// moved into factors: a second division would double the time.
struct AdamStep {
  const cpu::AdamRow& row;
  Vector beta1, beta2, rest1, rest2, scale, root, epsilon, decay, rate;

  HWY_INLINE explicit AdamStep(const cpu::AdamRow& r)
      : row(r),
        beta1(r.beta1),
        beta2(r.beta2),
        rest1(r.rest1),
        rest2(r.rest2),
        scale(1.0f / r.correction1),
        root(1.0f / r.correction2),
        epsilon(r.epsilon),
        decay(r.weight_decay),
        rate(r.learning_rate) {}

  template <typename P>
  HWY_INLINE void operator()(P piece) const {
    const Vector w = piece.read(row.w);
    const Vector g = piece.read(row.g);
    const Vector m = piece.read(row.m) * beta1 + g * rest1;
    const Vector v = piece.read(row.v) * beta2 + g * g * rest2;
    const Vector direction = m * scale / (sqrt(v * root) + epsilon) + w * decay;
    piece.write(w - rate * direction, row.w_next);
    piece.write(m, row.m_next);
    piece.write(v, row.v_next);
  }
};

template <bool Nesterov>
struct MomentumStep {
  const cpu::MomentumRow& row;
  Vector momentum, decay, rate;

  HWY_INLINE explicit MomentumStep(const cpu::MomentumRow& r)
      : row(r), momentum(r.momentum), decay(r.weight_decay), rate(r.learning_rate) {}

  template <typename P>
  HWY_INLINE void operator()(P piece) const {
    const Vector w = piece.read(row.w);
    const Vector d = piece.read(row.g) + w * decay;
    const Vector u = piece.read(row.u) * momentum + d;
    const Vector direction = Nesterov ? d + u * momentum : u;
    piece.write(w - rate * direction, row.w_next);
    piece.write(u, row.u_next);
  }
};

void adam(const cpu::AdamRow& row, std::int64_t count) { walk(AdamStep(row), count); }

void momentum(const cpu::MomentumRow& row, std::int64_t count) {
  if (row.nesterov) {
    walk(MomentumStep<true>(row), count);
  } else {
    walk(MomentumStep<false>(row), count);
  }
}

}  // namespace

cpu::AdamFunction find_adam() { return adam; }
cpu::MomentumFunction find_momentum() { return momentum; }

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(find_adam);
HWY_EXPORT(find_momentum);

cpu::AdamFunction cpu::adam_function() { return HWY_DYNAMIC_DISPATCH(find_adam)(); }
cpu::MomentumFunction cpu::momentum_function() { return HWY_DYNAMIC_DISPATCH(find_momentum)(); }

}  // namespace retrograd::kernels
#endif
