// Optimizer: what all optimizers share. The optimizers themselves are in <retrograd/optim.h>.
#pragma once

#include <retrograd/array.h>
#include <retrograd/schedule.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace retrograd::optim {

// What some parameters have of their own.
struct ParameterGroup {
  double learning_rate_multiplier = 1.0;
  // For weights and biases alike; below 0: as the optimizer has it. Rprop has none.
  double weight_decay = -1.0;
};

// What the gradients of one update() are limited to, in this order; 0: not.
struct Clipping {
  double value = 0.0;  // each element, as clip_by_value()
  double norm = 0.0;   // all of them together, as clip_by_global_norm()
};

// Weight decay is for weights, parameters of rank 2 and more: not for biases. Frozen parameters are left
// alone. All of an optimizer's state is in variables.
class Optimizer {
 public:
  virtual ~Optimizer();
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // Inside a trace: records the parameters' next values. gradients[i] is dE / d parameters[i]. Several calls
  // in one trace, with different parameters, are one step. Throws Error(argument) outside a trace and where
  // the numbers differ, Error(shape) or Error(dtype) where a gradient does not have its parameter's type.
  void update(std::span<const Variable> parameters, std::span<const Array> gradients);

  // Gives parameters a learning rate and a weight decay of their own, instead of those of an earlier group.
  // Plans that exist keep what they were traced with. Throws Error(argument) for a multiplier that is
  // negative or not finite.
  void set_group(std::span<const Variable> parameters, const ParameterGroup& group);

  // Limits the gradients of every later trace. Throws Error(argument) for a limit that is negative or not
  // finite.
  void set_clipping(const Clipping& clipping);

  // Makes the state of parameters that have none yet, as update() does, so that a checkpoint can be loaded
  // into it.
  void prepare(std::span<const Variable> parameters);
  // The step count, the learning rate, then the moments in the order of their parameters:
  // "linear_1.weight.m".
  std::vector<Variable> variables() const;

  // f64 []. Changing it never makes a new plan.
  const Variable& learning_rate() const { return learning_rate_; }
  void set_learning_rate(double rate);
  // i64 []: the number of updates made.
  const Variable& step() const { return step_; }
  // The rate that the next update uses: the learning rate times its schedule.
  double effective_learning_rate() const;
  const Schedule& schedule() const { return schedule_; }

 protected:
  // State of each parameter, of its type: "<parameter>.<name>", starting with `initial` everywhere.
  struct Moment {
    Moment(const char* moment_name, double value = 0.0) : name(moment_name), initial(value) {}  // NOLINT
    std::string name;
    double initial;
  };
  Optimizer(double learning_rate, const Schedule& schedule, std::vector<Moment> moments);

  // What one step has in common for all parameters of a dtype.
  struct Step {
    Array rate;    // [], in the parameters' dtype
    Array number;  // f64 []: 1, 2, ...
  };
  // Gives the parameter's next value and those of its moments.
  virtual void apply(const Variable& parameter, const Array& gradient, const Step& step,
                     std::span<const Variable> moments) = 0;
  // The optimizer's weight decay for a weight and 0 for a bias, unless a group says otherwise.
  double weight_decay_of(const Variable& parameter, double weight_decay) const;

 private:
  struct State {
    Variable parameter;
    std::vector<Variable> moments;
  };
  struct Member {
    Variable parameter;
    ParameterGroup group;
  };
  void check_gradients(std::span<const Variable> parameters, std::span<const Array> gradients) const;
  // The gradients of parameters that are not frozen, limited; the others as they are.
  std::vector<Array> clipped(std::span<const Variable> parameters, std::span<const Array> gradients) const;
  const ParameterGroup* group_of(const Variable& parameter) const;
  State& state_of(const Variable& parameter);
  Step begin_step(DType dtype);

  Schedule schedule_;
  std::vector<Moment> moments_;
  Variable step_;
  Variable learning_rate_;
  std::vector<State> states_;
  std::vector<Member> members_;
  Clipping clipping_;
};

}  // namespace retrograd::optim
