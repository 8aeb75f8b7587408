// An exponential moving average of weights.
#include <retrograd/moving_average.h>
#include <retrograd/ops.h>

#include "array/trace_state.h"
#include "core/fail.h"
#include "optim/filled.h"
#include "optim/names.h"

namespace retrograd::optim {

MovingAverage::MovingAverage(double decay, bool ramp) : decay_(decay) {
  check_fraction("decay", decay);
  if (ramp) count_ = Variable(filled({DType::i64, {}}, 0.0), "averages");
}

const MovingAverage::Average* MovingAverage::find(const Variable& parameter) const {
  for (const Average& known : averages_) {
    if (known.parameter.same_as(parameter)) return &known;
  }
  return nullptr;
}

void MovingAverage::prepare(std::span<const Variable> parameters) {
  for (const Variable& parameter : parameters) {
    if (find(parameter) == nullptr) {
      averages_.push_back({parameter, Variable(parameter.read(), parameter.name() + ".average")});
    }
  }
}

void MovingAverage::update(std::span<const Variable> parameters) {
  if (current_trace() == nullptr) {
    fail(ErrorKind::argument, "MovingAverage: update() works inside a compiled function only");
  }
  prepare(parameters);
  Array ramped;  // f64 []
  if (!count_.empty()) {
    const Array count = count_.read() + scalar(1.0, DType::i64);
    count_.set_next(count);
    const Array t = cast(count, DType::f64);
    ramped = minimum(t / (t + 9.0), decay_);
  }
  for (const Variable& parameter : parameters) {
    const Variable& average = find(parameter)->average;
    if (ramped.empty()) {
      average.set_next(decay_ * average.read() + (1.0 - decay_) * parameter.next());
    } else {
      const Array decay = parameter.dtype() == DType::f64 ? ramped : cast(ramped, parameter.dtype());
      average.set_next(decay * average.read() + (1.0 - decay) * parameter.next());
    }
  }
}

std::vector<Variable> MovingAverage::variables() const {
  std::vector<Variable> all;
  if (!count_.empty()) all.push_back(count_);
  for (const Average& known : averages_) all.push_back(known.average);
  return all;
}

void MovingAverage::swap(std::span<const Variable> parameters) const {
  for (const Variable& parameter : parameters) {
    if (find(parameter) == nullptr) {
      fail(ErrorKind::argument, "MovingAverage: {} has no average yet", parameter.name());
    }
  }
  for (const Variable& parameter : parameters) {
    const Variable& average = find(parameter)->average;
    const Array value = parameter.read();
    parameter.assign(average.read());
    average.assign(value);
  }
}

}  // namespace retrograd::optim
