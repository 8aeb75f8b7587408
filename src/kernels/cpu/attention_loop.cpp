// Exponentials along rows of scores. A NaN among the scores makes the query's sum NaN.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/cpu/attention_loop.cpp"  // NOLINT
#include "kernels/cpu/attention_loop.h"

#include <hwy/foreach_target.h>

#include <algorithm>

#include "kernels/cpu/vector.h"

HWY_BEFORE_NAMESPACE();
namespace retrograd::kernels::HWY_NAMESPACE {
namespace {

// Calls f(i, count) for vectors of a row; count < lanes at its end alone.
template <typename F>
HWY_INLINE void walk(std::int64_t count, const F& f) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  for (std::int64_t i = 0; i < count; i += lanes) f(i, std::min(lanes, count - i));
}

HWY_INLINE Vector read(const float* x, std::int64_t i, std::int64_t count) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  return count == lanes ? load(x + i) : Vector(load_first(x + i, static_cast<std::size_t>(count)));
}

HWY_INLINE void write(Vector value, float* x, std::int64_t i, std::int64_t count) {
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(Tag()));
  if (count == lanes) {
    store(value, x + i);
  } else {
    store_first(value.v, x + i, static_cast<std::size_t>(count));
  }
}

HWY_INLINE Vector first_lanes(Vector value, std::int64_t count) {
  const Tag d;
  return Vector(hn::IfThenElseZero(hn::FirstN(d, static_cast<std::size_t>(count)), value.v));
}

// exp(score - shift), 0 of a score that no key has.
HWY_INLINE Vector weight(Vector score, Vector shift) {
  return select(score <= Vector(cpu::unseen_score * 0.5f), Vector(0), exp(score - shift));
}

}  // namespace

float weigh(float* s, std::int64_t count, std::int64_t total, float scale, cpu::RunningSum* running) {
  const Tag d;
  const Vector factor(scale);
  Vector largest(running->largest);
  walk(count, [&](std::int64_t i, std::int64_t n) HWY_ATTR {
    const Vector x = read(s, i, n) * factor;
    write(x, s, i, n);
    const Vector larger = select(x > largest, x, largest);
    largest = Vector(hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(n)), larger.v, largest.v));
  });
  largest = Vector(hn::MaxOfLanes(d, largest.v));
  Vector sum(0);
  walk(count, [&](std::int64_t i, std::int64_t n) HWY_ATTR {
    const Vector e = first_lanes(weight(read(s, i, n), largest), n);
    write(e, s, i, n);
    sum = sum + e;
  });
  std::fill(s + std::max<std::int64_t>(count, 0), s + total, 0.0f);
  const float correction = hn::GetLane(exp(Vector(running->largest) - largest).v);
  running->largest = hn::GetLane(largest.v);
  running->sum = running->sum * correction + hn::GetLane(hn::SumOfLanes(d, sum.v));
  return correction;
}

void slopes(float* s, float* dp, std::int64_t count, std::int64_t total, float scale, float log_sum,
            float delta) {
  const Vector factor(scale), shift(log_sum), away(delta);
  walk(count, [&](std::int64_t i, std::int64_t n) HWY_ATTR {
    const Vector p = weight(read(s, i, n) * factor, shift);
    write(p, s, i, n);
    write(p * (read(dp, i, n) - away) * factor, dp, i, n);
  });
  const std::int64_t from = std::max<std::int64_t>(count, 0);
  std::fill(s + from, s + total, 0.0f);
  std::fill(dp + from, dp + total, 0.0f);
}

void scale_all(float* y, std::int64_t count, float factor) {
  walk(count,
       [&](std::int64_t i, std::int64_t n) HWY_ATTR { write(read(y, i, n) * Vector(factor), y, i, n); });
}

}  // namespace retrograd::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace retrograd::kernels {
HWY_EXPORT(weigh);
HWY_EXPORT(slopes);
HWY_EXPORT(scale_all);

float cpu::weigh_scores(float* s, std::int64_t count, std::int64_t total, float scale, RunningSum& running) {
  return HWY_DYNAMIC_DISPATCH(weigh)(s, count, total, scale, &running);
}
void cpu::slopes_of_scores(float* s, float* dp, std::int64_t count, std::int64_t total, float scale,
                           float log_sum, float delta) {
  HWY_DYNAMIC_DISPATCH(slopes)(s, dp, count, total, scale, log_sum, delta);
}
void cpu::scale_row(float* y, std::int64_t count, float factor) {
  HWY_DYNAMIC_DISPATCH(scale_all)(y, count, factor);
}

}  // namespace retrograd::kernels
#endif
