// MovingAverage: an exponential moving average of weights, which often predicts better than the last ones.
#pragma once

#include <retrograd/variable.h>

#include <span>
#include <vector>

namespace retrograd::optim {

// average <- decay average + (1 - decay) w, starting with the first weights seen. Polyak and Juditsky 1992.
// A ramp lets the decay of the t-th update be min(decay, t / (t + 9)), so that the average of a short
// training is not that of its beginning.
class MovingAverage {
 public:
  // Throws Error(argument) unless 0 <= decay < 1.
  explicit MovingAverage(double decay = 0.999, bool ramp = false);

  // Inside a trace, after the optimizer's update, once a step: takes up the parameters' next values. Throws
  // Error(argument) outside one.
  void update(std::span<const Variable> parameters);
  // Makes the averages of parameters that have none yet, with the values that these have.
  void prepare(std::span<const Variable> parameters);
  // "linear_1.weight.average", in the order of the parameters; before them, where there is a ramp, the number
  // of updates made.
  std::vector<Variable> variables() const;
  // Outside a trace: exchanges the averages and the parameters' values; twice is as before. Throws
  // Error(argument) for a parameter without an average.
  void swap(std::span<const Variable> parameters) const;

 private:
  struct Average {
    Variable parameter;
    Variable average;
  };
  const Average* find(const Variable& parameter) const;

  double decay_;
  Variable count_;  // i64 []; empty without a ramp
  std::vector<Average> averages_;
};

}  // namespace retrograd::optim
