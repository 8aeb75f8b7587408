// Optimizers, written as graph: an update inside a compiled function becomes part of its plan. What they
// share is in <retrograd/optimizer.h>, schedules are in <retrograd/schedule.h>. Minimisers that search along
// a line are not here.
#pragma once

#include <retrograd/accumulation.h>
#include <retrograd/array.h>
#include <retrograd/moving_average.h>
#include <retrograd/optimizer.h>
#include <retrograd/plateau.h>
#include <retrograd/schedule.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::optim {

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

struct NadamOptions {
  double learning_rate = 2e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // decoupled from the gradient
  Schedule schedule = {};
};

// Adam with Nesterov's momentum: m and v as in Adam, and w <- w - rate ((beta1 m / (1 - beta1^(t+1)) + (1 -
// beta1) g / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay w). Dozat 2016, with a
// constant beta1.
class Nadam : public Optimizer {
 public:
  // Throws Error(argument) for a negative or non-finite option, or a beta >= 1. So do those below.
  explicit Nadam(const NadamOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  NadamOptions options_;
};

struct RmsPropOptions {
  double learning_rate = 0.01;
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0.0;
  double weight_decay = 0.0;  // adds weight_decay w to the gradient
  Schedule schedule = {};
};

// v <- alpha v + (1 - alpha) g^2, d = g / (sqrt(v) + epsilon), w <- w - rate d; with momentum velocity <-
// momentum velocity + d, w <- w - rate velocity. Tieleman and Hinton 2012, not centred.
class RmsProp : public Optimizer {
 public:
  explicit RmsProp(const RmsPropOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  RmsPropOptions options_;
};

struct AdagradOptions {
  double learning_rate = 0.01;
  double epsilon = 1e-10;
  double weight_decay = 0.0;  // adds weight_decay w to the gradient
  Schedule schedule = {};
};

// s <- s + g^2, w <- w - rate g / (sqrt(s) + epsilon). Duchi et al. 2011.
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(const AdagradOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  AdagradOptions options_;
};

struct AdadeltaOptions {
  double learning_rate = 1.0;
  double rho = 0.9;
  double epsilon = 1e-6;
  double weight_decay = 0.0;  // adds weight_decay w to the gradient
  Schedule schedule = {};
};

// v <- rho v + (1 - rho) g^2, d = sqrt(u + epsilon) / sqrt(v + epsilon) g, u <- rho u + (1 - rho) d^2, w <- w
// - rate d. Zeiler 2012, algorithm 1, where the rate is 1.
class Adadelta : public Optimizer {
 public:
  explicit Adadelta(const AdadeltaOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  AdadeltaOptions options_;
};

struct LionOptions {
  double learning_rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.99;
  double weight_decay = 0.0;  // decoupled from the gradient
  Schedule schedule = {};
};

// w <- w - rate (sign(beta1 m + (1 - beta1) g) + weight_decay w), m <- beta2 m + (1 - beta2) g. Chen et al.
// 2023.
class Lion : public Optimizer {
 public:
  explicit Lion(const LionOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  LionOptions options_;
};

struct RpropOptions {
  double learning_rate = 0.01;
  double shrink = 0.5;
  double grow = 1.2;
  double smallest = 1e-4;  // of step sizes, as multiples of the learning rate
  double largest = 5000.0;
  Schedule schedule = {};
};

// For gradients of the whole data. Each element has a step size, at first the learning rate: times `grow`
// while the sign of its gradient stays, times `shrink` where it turned, and there the element rests for a
// step. w <- w - size sign(g). Riedmiller and Braun 1993, in the form iRprop- of Igel and Huesken 2003.
class Rprop : public Optimizer {
 public:
  // Also throws unless 0 < shrink < 1 < grow and 0 < smallest <= 1 <= largest.
  explicit Rprop(const RpropOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  RpropOptions options_;
};

struct RumelhartOptions {
  double learning_rate = 0.01;  // epsilon
  double momentum = 0.9;        // alpha
  double weight_decay = 0.0;    // adds weight_decay w to the gradient
  Schedule schedule = {};
};

// dw(t) = -epsilon dE/dw(t) + alpha dw(t-1): a change of the rate acts on new gradients only, where Sgd's
// velocity is multiplied by the new rate whole. With a constant rate both are the same. Rumelhart, Hinton and
// Williams 1986, eq. 9.
class Rumelhart : public Optimizer {
 public:
  explicit Rumelhart(const RumelhartOptions& options = {});

 protected:
  void apply(const Variable& parameter, const Array& gradient, const Step& step,
             std::span<const Variable> moments) override;

 private:
  RumelhartOptions options_;
};

// sqrt of the sum of all squares, in the dtype of the gradients, which is one.
Array global_norm(std::span<const Array> gradients);
// Gradients multiplied by min(1, largest / global_norm). Pascanu et al. 2013. Throws Error(argument) unless
// largest > 0.
std::vector<Array> clip_by_global_norm(std::span<const Array> gradients, double largest);

// Gradients with each element moved into [-largest, largest]. Throws Error(argument) unless largest > 0.
std::vector<Array> clip_by_value(std::span<const Array> gradients, double largest);

// An optimizer by name, for tools: "sgd", "adam", "adamw", "nadam", "rmsprop", "adagrad", "adadelta", "lion",
// "rprop", "rumelhart". An option that is not given keeps the default of its optimizer; `momentum` is for
// sgd, rmsprop and rumelhart, `nesterov` for sgd, `beta1` and `beta2` for adam, adamw, nadam and lion, `rho`
// for adadelta and rmsprop (its alpha), `epsilon` for all that divide by a root, a weight decay above 0 for
// all but rprop. Throws Error(argument) for an unknown name, with the one that may have been meant, and for
// an option that the optimizer does not have.
struct OptimizerOptions {
  double learning_rate = -1.0;  // below 0: not given
  double momentum = -1.0;
  bool nesterov = false;
  double weight_decay = -1.0;
  double beta1 = -1.0;
  double beta2 = -1.0;
  double epsilon = -1.0;
  double rho = -1.0;
  Schedule schedule = {};
};
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const OptimizerOptions& options = {});
std::span<const std::string_view> optimizer_names();

// A schedule by its text, for tools: a name, or a name with numbers, which count epochs of `epoch_steps`
// steps.
//   constant
//   cosine, cosine(last)               down to the share `last` of the rate (0)
//   step, step(epochs, factor, after)  times `factor` (0.1) after each `epochs` (a third of the training),
//                                      the first `after` of them (0) left out
//   exponential, exponential(factor)   times `factor` an epoch (to a hundredth at the end of the training)
//   one_cycle, one_cycle(share)        its peak at this share of the training (the end of the warm-up, or .3)
//   plateau, plateau(factor, patience) constant here: its fall is Plateau's, see plateau_options()
// Throws Error(argument) for an unknown name and for numbers out of range.
Schedule make_schedule(std::string_view text, std::int64_t total_steps, std::int64_t warmup_steps = 0,
                       std::int64_t epoch_steps = 1);
std::span<const std::string_view> schedule_names();
// The options of the text of a plateau (factor 0.1, patience 5), nothing for other schedules.
std::optional<PlateauOptions> plateau_options(std::string_view text);

}  // namespace retrograd::optim
