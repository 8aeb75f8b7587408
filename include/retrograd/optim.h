// Optimizers and learning-rate schedules, written as graph: an update inside a compiled function becomes part
// of its plan. Minimisers that search along a line are not here.
#pragma once

#include <retrograd/array.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::optim {

// What the learning rate is multiplied by at a step; step 0 is the first. Pure: a resumed training sees the
// same rates.
class Schedule {
 public:
  enum class Kind { constant, cosine, step, exponential };

  // 1 at every step.
  Schedule() = default;
  // (1 + cos(pi p)) / 2 (1 - last) + last, p going from 0 at the end of the warm-up to 1 at step `total`, and
  // staying there. Loshchilov and Hutter 2017. Throws Error(argument) unless 0 <= warmup < total.
  static Schedule cosine(std::int64_t total, std::int64_t warmup = 0, double last = 0.0);
  // factor^floor(step / every). Throws Error(argument) unless every >= 1 and factor > 0.
  static Schedule step(std::int64_t every, double factor);
  // factor^step. Throws Error(argument) unless factor > 0.
  static Schedule exponential(double factor);
  // The same, multiplied by (step + 1) / warmup in the first `warmup` steps.
  Schedule with_warmup(std::int64_t warmup) const;

  // Graph form: step i64 [] -> f64 []. Accurate to 1e-12 up to 10^6 steps; no step needs a new plan.
  Array multiplier(const Array& step) const;
  // The same number on the host.
  double multiplier(std::int64_t step) const;
  bool is_constant() const { return kind_ == Kind::constant && warmup_ == 0; }

 private:
  Kind kind_ = Kind::constant;
  std::int64_t warmup_ = 0;
  std::int64_t total_ = 0;  // of cosine
  std::int64_t every_ = 1;  // of step
  double factor_ = 1.0;     // of step and exponential; of cosine the value at its end
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
  Optimizer(double learning_rate, const Schedule& schedule, std::vector<std::string> moments);

  // What one step has in common for all parameters of a dtype.
  struct Step {
    Array rate;    // [], in the parameters' dtype
    Array number;  // f64 []: 1, 2, ...
  };
  // Gives the parameter's next value and those of its moments.
  virtual void apply(const Variable& parameter, const Array& gradient, const Step& step,
                     std::span<const Variable> moments) = 0;

 private:
  struct State {
    Variable parameter;
    std::vector<Variable> moments;
  };
  State& state_of(const Variable& parameter);
  Step begin_step(DType dtype);

  Schedule schedule_;
  std::vector<std::string> moment_names_;
  Variable step_;
  Variable learning_rate_;
  std::vector<State> states_;
};

struct SgdOptions {
  double learning_rate = 0.01;
  double momentum = 0.0;
  bool nesterov = false;
  double weight_decay = 0.0;  // adds weight_decay w to the gradient
  Schedule schedule = {};
};

// w <- w - rate g; with momentum as sgd_momentum_update() in <retrograd/ops.h>.
class Sgd : public Optimizer {
 public:
  // Throws Error(argument) for a negative or non-finite option, or momentum >= 1.
  explicit Sgd(const SgdOptions& options);

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  SgdOptions options_;
};

struct AdamOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // decoupled from the gradient
  Schedule schedule = {};
};

// Kingma and Ba 2015, algorithm 1; with weight decay Loshchilov and Hutter 2019 (AdamW). The corrections 1 -
// beta^t are computed in f64 as 1 - exp(t log beta): relative error below 1e-12 for beta <= 0.9999.
class Adam : public Optimizer {
 public:
  // Throws Error(argument) for a negative or non-finite option, or a beta >= 1.
  explicit Adam(const AdamOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  AdamOptions options_;
};

struct AdamWOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 1e-2;
  Schedule schedule = {};
};

// Adam with weight decay by default.
class AdamW : public Adam {
 public:
  explicit AdamW(const AdamWOptions& options = {});
};

// sqrt of the sum of all squares, in the dtype of the gradients, which is one.
Array global_norm(std::span<const Array> gradients);
// Gradients multiplied by min(1, largest / global_norm). Pascanu et al. 2013. Throws Error(argument) unless
// largest > 0.
std::vector<Array> clip_by_global_norm(std::span<const Array> gradients, double largest);

// An optimizer by name, for tools: "sgd", "adam", "adamw". An option that is not given keeps the default of
// its optimizer; `momentum` and `nesterov` are sgd's. Throws Error(argument) for an unknown name, with the
// one that may have been meant, and for an option that the optimizer does not have.
struct OptimizerOptions {
  double learning_rate = -1.0;  // below 0: not given
  double momentum = -1.0;
  bool nesterov = false;
  double weight_decay = -1.0;
  Schedule schedule = {};
};
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const OptimizerOptions& options = {});
std::span<const std::string_view> optimizer_names();

// A schedule by name, for tools: "constant", "cosine", "step" (a tenth after each third of the training),
// "exponential" (to a hundredth at its end). Throws Error(argument) for an unknown name.
Schedule make_schedule(std::string_view name, std::int64_t total_steps, std::int64_t warmup_steps = 0);
std::span<const std::string_view> schedule_names();

}  // namespace retrograd::optim
