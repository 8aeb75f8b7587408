// Schedules: how the learning rate goes over the steps of a training. By name: make_schedule() in
// <retrograd/optim.h>.
#pragma once

#include <retrograd/array.h>

#include <cstdint>

namespace retrograd::optim {

// What the learning rate is multiplied by at a step; step 0 is the first. Pure: a resumed training sees the
// same rates.
class Schedule {
 public:
  enum class Kind { constant, cosine, step, exponential, one_cycle };

  // 1 at every step.
  Schedule() = default;
  // (1 + cos(pi p)) / 2 (1 - last) + last, p going from 0 at the end of the warm-up to 1 at step `total`, and
  // staying there. Loshchilov and Hutter 2017. Throws Error(argument) unless 0 <= warmup < total.
  static Schedule cosine(std::int64_t total, std::int64_t warmup = 0, double last = 0.0);
  // factor^floor((step - after) / every), 1 before step `after`. Throws Error(argument) unless every >= 1,
  // after >= 0 and factor > 0.
  static Schedule step(std::int64_t every, double factor, std::int64_t after = 0);
  // factor^step. Throws Error(argument) unless factor > 0.
  static Schedule exponential(double factor);
  // From `first` up to 1 at step `peak`, then down to `last` at step `total`, and staying there; both ways
  // along half a cosine. The learning rate is that of the peak. Smith 2018. Throws Error(argument) unless 0 <
  // peak < total and first and last are finite.
  static Schedule one_cycle(std::int64_t total, std::int64_t peak, double first = 0.04, double last = 4e-6);
  // The same, multiplied by (step + 1) / warmup in the first `warmup` steps; of one_cycle, which rises
  // anyway, an Error(argument) for a warm-up above 0.
  Schedule with_warmup(std::int64_t warmup) const;

  // Graph form: step i64 [] -> f64 []. Accurate to 1e-12 up to 10^6 steps; no step needs a new plan.
  Array multiplier(const Array& step) const;
  // The same number on the host.
  double multiplier(std::int64_t step) const;
  bool is_constant() const { return kind_ == Kind::constant && warmup_ == 0; }

 private:
  Kind kind_ = Kind::constant;
  std::int64_t warmup_ = 0;
  std::int64_t total_ = 0;  // of cosine and one_cycle
  std::int64_t every_ = 1;  // of step
  std::int64_t after_ = 0;  // of step
  std::int64_t peak_ = 0;   // of one_cycle
  double first_ = 1.0;      // of one_cycle
  double factor_ = 1.0;     // of step and exponential; of cosine and one_cycle the value at their end
};

}  // namespace retrograd::optim
