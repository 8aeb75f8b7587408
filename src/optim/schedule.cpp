// Schedules, as graph over the step and on the host.
#include <retrograd/ops.h>
#include <retrograd/optim.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/fail.h"

namespace retrograd::optim {
namespace {

// sin(x) for 0 <= x <= pi/2 by its series to x^17; the next term is below 5e-14.
Array sine(const Array& x) {
  constexpr double coefficients[] = {1.0 / 355687428096000.0,
                                     -1.0 / 1307674368000.0,
                                     1.0 / 6227020800.0,
                                     -1.0 / 39916800.0,
                                     1.0 / 362880.0,
                                     -1.0 / 5040.0,
                                     1.0 / 120.0,
                                     -1.0 / 6.0,
                                     1.0};
  const Array squared = square(x);
  Array series = full_like(x, 0.0);
  for (const double coefficient : coefficients) series = series * squared + coefficient;
  return x * series;
}

// From `low` at share 0 to 1 at share 1: (1 + cos(pi p)) / 2 = sin^2(pi share / 2), where p = 1 - share.
Array half_cosine(const Array& share, double low) {
  return square(sine((std::numbers::pi / 2) * share)) * (1.0 - low) + low;
}

double half_cosine(double share, double low) {
  const double sine = std::sin(std::numbers::pi / 2 * share);
  return sine * sine * (1.0 - low) + low;
}

}  // namespace

Schedule Schedule::cosine(std::int64_t total, std::int64_t warmup, double last) {
  if (warmup < 0 || warmup >= total || !std::isfinite(last)) {
    fail(ErrorKind::argument,
         "schedule: cosine over {} steps with {} of warm-up to {}; expected 0 <= warm-up < steps", total,
         warmup, last);
  }
  Schedule schedule;
  schedule.kind_ = Kind::cosine;
  schedule.total_ = total;
  schedule.warmup_ = warmup;
  schedule.factor_ = last;
  return schedule;
}

Schedule Schedule::step(std::int64_t every, double factor, std::int64_t after) {
  if (every < 1 || after < 0 || !(factor > 0.0) || !std::isfinite(factor)) {
    fail(ErrorKind::argument,
         "schedule: factor {} every {} steps after step {}; expected a positive factor and at least 1 step",
         factor, every, after);
  }
  Schedule schedule;
  schedule.kind_ = Kind::step;
  schedule.every_ = every;
  schedule.after_ = after;
  schedule.factor_ = factor;
  return schedule;
}

Schedule Schedule::exponential(double factor) {
  Schedule schedule = step(1, factor);
  schedule.kind_ = Kind::exponential;
  return schedule;
}

Schedule Schedule::one_cycle(std::int64_t total, std::int64_t peak, double first, double last) {
  if (peak <= 0 || peak >= total || !std::isfinite(first) || !std::isfinite(last)) {
    fail(ErrorKind::argument,
         "schedule: one cycle over {} steps with its peak at {}, from {} to {}; expected 0 < peak < steps",
         total, peak, first, last);
  }
  Schedule schedule;
  schedule.kind_ = Kind::one_cycle;
  schedule.total_ = total;
  schedule.peak_ = peak;
  schedule.first_ = first;
  schedule.factor_ = last;
  return schedule;
}

Schedule Schedule::with_warmup(std::int64_t warmup) const {
  if (warmup < 0) fail(ErrorKind::argument, "schedule: a warm-up of {} steps; expected at least 0", warmup);
  if (kind_ == Kind::cosine) return cosine(total_, warmup, factor_);
  if (kind_ == Kind::one_cycle && warmup > 0) {
    fail(ErrorKind::argument, "schedule: one cycle rises by itself; leave out its warm-up of {} steps",
         warmup);
  }
  Schedule schedule = *this;
  schedule.warmup_ = warmup;
  return schedule;
}

Array Schedule::multiplier(const Array& step) const {
  const Array t = cast(step, DType::f64);
  Array multiplier = full_like(t, 1.0);
  if (kind_ == Kind::cosine || kind_ == Kind::one_cycle) {
    const std::int64_t begin = kind_ == Kind::cosine ? warmup_ : peak_;
    const Array left = (static_cast<double>(total_) - t) / static_cast<double>(total_ - begin);
    // Before the fall `left` exceeds 1 and the value is not chosen.
    multiplier = half_cosine(maximum(left, 0.0), factor_);
    if (kind_ == Kind::one_cycle) {
      const Array rise = half_cosine(t / static_cast<double>(peak_), first_);
      multiplier = where(greater_equal(t, static_cast<double>(peak_)), multiplier, rise);
    }
  } else if (kind_ != Kind::constant) {
    Array count = t;
    if (kind_ == Kind::step) {
      const Array since = maximum(t - static_cast<double>(after_), 0.0);
      count = cast(cast(since / static_cast<double>(every_), DType::i64), DType::f64);
    }
    multiplier = exp(count * std::log(factor_));
  }
  if (warmup_ == 0) return multiplier;
  const Array rising = (t + 1.0) / static_cast<double>(warmup_);
  if (kind_ != Kind::cosine)
    return where(greater_equal(t, static_cast<double>(warmup_)), multiplier, multiplier * rising);
  return where(greater_equal(t, static_cast<double>(warmup_)), multiplier, rising);
}

double Schedule::multiplier(std::int64_t step) const {
  const double t = static_cast<double>(step);
  const bool warming = step < warmup_;
  const double rising = warming ? (t + 1.0) / static_cast<double>(warmup_) : 1.0;
  switch (kind_) {
    case Kind::constant:
      return rising;
    case Kind::step:
      return rising * std::pow(factor_, std::floor(std::max(t - static_cast<double>(after_), 0.0) /
                                                   static_cast<double>(every_)));
    case Kind::exponential:
      return rising * std::pow(factor_, t);
    case Kind::one_cycle:
      if (step < peak_) return half_cosine(t / static_cast<double>(peak_), first_);
      break;
    case Kind::cosine:
      if (warming) return rising;
      break;
  }
  const std::int64_t begin = kind_ == Kind::cosine ? warmup_ : peak_;
  const double left = static_cast<double>(total_ - step) / static_cast<double>(total_ - begin);
  return half_cosine(std::max(left, 0.0), factor_);
}

}  // namespace retrograd::optim
