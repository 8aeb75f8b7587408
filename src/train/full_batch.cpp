// A network and its training part as an objective: the loss with its gradient, and the normal equations of
// squared errors.
#include "train/full_batch.h"

#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/penalties.h>
#include <retrograd/trace.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "core/fail.h"
#include "core/thread_pool.h"
#include "train/batch_buffer.h"
#include "train/training_step.h"

// N rows, K outputs, n parameters that are trained.
namespace retrograd::train {
namespace {

constexpr std::int64_t rows_at_once = 1024;
constexpr std::size_t residuals_at_once = 32;

std::vector<Variable> trained_parameters(const nn::Sequential& model) {
  std::vector<Variable> trained = model.parameters();
  std::erase_if(trained, [](const Variable& parameter) { return !parameter.trainable(); });
  return trained;
}

Array floating_targets(const nn::Sequential& model, const Array& t) {
  return is_floating(t.dtype()) ? in_model_dtype(model, t) : t;
}

// Gradients one after the other as [n].
Array flat(std::span<const Array> gradients) {
  std::vector<Array> parts;
  for (const Array& gradient : gradients) parts.push_back(reshape(gradient, {-1}));
  return parts.size() == 1 ? parts[0] : concatenate(parts, 0);
}

// x, t, w -> sum w l in f64 [], and its gradient [n] where that is wanted.
class LossFunction final : public TracedFunction {
 public:
  LossFunction(const nn::Sequential& model, const nn::Loss& loss, bool with_gradient)
      : model_(&model), loss_(&loss), with_gradient_(with_gradient) {}
  std::vector<Array> trace(std::span<const Array> inputs) override {
    const Array x = in_model_dtype(*model_, inputs[0]);
    const Array losses = nn::model_losses(*loss_, *model_, x, floating_targets(*model_, inputs[1]));
    const Array weighted = losses * in_model_dtype(*model_, inputs[2]);
    const Array total = sum(weighted.dtype() == DType::f64 ? weighted : cast(weighted, DType::f64));
    if (!with_gradient_) return {total};
    return {total, flat(gradients(sum(weighted), trained_parameters(*model_)))};
  }

 private:
  const nn::Sequential* model_;
  const nn::Loss* loss_;
  bool with_gradient_;
};

// x [1, ...], t -> y - t [K], and the Jacobian of y [K, n].
class JacobianFunction final : public TracedFunction {
 public:
  explicit JacobianFunction(const nn::Sequential& model) : model_(&model) {}
  std::vector<Array> trace(std::span<const Array> inputs) override {
    const Array y = reshape((*model_)(in_model_dtype(*model_, inputs[0])), {-1});
    const std::int64_t outputs = y.shape()[0];
    Array t = inputs[1];
    if (is_floating(t.dtype())) {
      t = in_model_dtype(*model_, t);
    } else {
      t = outputs == 1 ? cast(t, y.dtype()) : one_hot(t, outputs, y.dtype());
    }
    const std::vector<Variable> trained = trained_parameters(*model_);
    std::vector<Array> rows;
    for (std::int64_t k = 0; k < outputs; ++k) {
      const std::int64_t chosen[] = {k};
      const Array unit = reshape(one_hot(Array::from(std::span(chosen), {1}), outputs, y.dtype()), {outputs});
      rows.push_back(reshape(flat(gradients(sum(y * unit), trained, {.allow_unused = true})), {1, -1}));
    }
    return {y - reshape(t, {-1}), rows.size() == 1 ? rows[0] : concatenate(rows, 0)};
  }

 private:
  const nn::Sequential* model_;
};

// Adds J^T J, of the lower triangle, and J^T r of `count` residuals: jacobian [count, n].
void add_residuals(std::span<const double> jacobian, std::span<const double> residuals, std::span<double> jtj,
                   std::span<double> jtr) {
  const std::size_t n = jtr.size(), count = residuals.size();
  const auto shards = static_cast<int>(std::min<std::size_t>(n, 16));
  core::parallel_for(shards, [&](int shard) {
    for (std::size_t i = static_cast<std::size_t>(shard); i < n; i += static_cast<std::size_t>(shards)) {
      double* row = jtj.data() + i * n;
      for (std::size_t b = 0; b < count; ++b) {
        const double* of = jacobian.data() + b * n;
        const double factor = of[i];
        jtr[i] += factor * residuals[b];
        for (std::size_t j = 0; j <= i; ++j) row[j] += factor * of[j];
      }
    }
  });
}

void check_layers(const nn::Module& module, const std::string& optimizer) {
  if (module.type_name().find("batch_norm") != std::string::npos) {
    fail(ErrorKind::argument, "{}: {} learns its statistics batch by batch; take layer_norm", optimizer,
         module.name());
  }
  for (const auto& child : module.children()) check_layers(*child, optimizer);
}

// A minimiser compares losses that it knows: those of the data and of the weights.
void check_penalties(const nn::Sequential& model, const data::Dataset& training,
                     const std::string& optimizer) {
  const ModeScope evaluation(Mode::evaluation);
  nn::Penalties penalties;
  const nn::PenaltiesScope layers_hand_in(penalties);
  const BatchBuffer batch(training, 1);
  model(in_model_dtype(model, batch.inputs()));
  if (penalties.empty()) return;
  fail(
      ErrorKind::argument,
      "{}: a layer of the model adds a penalty to the loss of a step, as latent does; take an optimizer that "
      "goes from batch to batch, as adamw",
      optimizer);
}

}  // namespace

// The parameters as n numbers, and sums over the rows.
class FullBatch::Network {
 public:
  Network(const nn::Sequential& model, const data::Dataset& training, double l2)
      : model_(&model),
        training_(training),
        trained_(trained_parameters(model)),
        rows_(static_cast<std::size_t>(training.rows())) {
    std::iota(rows_.begin(), rows_.end(), std::int64_t{0});
    for (const Variable& parameter : trained_) {
      penalised_.insert(penalised_.end(), static_cast<std::size_t>(parameter.size()),
                        parameter.shape().rank() >= 2 ? l2 : 0.0);
    }
  }

  const nn::Sequential& model() const { return *model_; }
  const data::Dataset& training() const { return training_; }
  double rows() const { return static_cast<double>(rows_.size()); }
  // l2 of each number, 0 for a bias.
  std::span<const double> penalties() const { return penalised_; }

  std::vector<double> values() const {
    std::vector<double> all;
    for (const Variable& parameter : trained_) {
      const std::vector<double> some = parameter.read().to_vector<double>();
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  void assign(std::span<const double> x) const {
    for (const Variable& parameter : trained_) {
      const auto own = x.first(static_cast<std::size_t>(parameter.size()));
      x = x.subspan(own.size());
      parameter.assign(parameter.dtype() == DType::f64
                           ? Array::from(own, parameter.shape())
                           : Array::from(std::vector<float>(own.begin(), own.end()), parameter.shape()));
    }
  }

  double penalty(std::span<const double> x) const {
    double total = 0;
    for (std::size_t i = 0; i < x.size(); ++i) total += penalised_[i] * x[i] * x[i] / 2;
    return total;
  }

  // Calls f(first, count) for blocks of rows.
  template <typename F>
  void each_block(BatchBuffer& batch, F f) const {
    const auto size = static_cast<std::size_t>(batch.size());
    for (std::size_t first = 0; first < rows_.size(); first += size) {
      const std::size_t count = std::min(size, rows_.size() - first);
      batch.fill(training_, std::span(rows_).subspan(first, count));
      f();
    }
  }

 private:
  const nn::Sequential* model_;
  data::Dataset training_;
  std::vector<Variable> trained_;
  std::vector<std::int64_t> rows_;
  std::vector<double> penalised_;  // [n]
};

class FullBatch::Loss final : public Objective {
 public:
  Loss(const Network& network, const nn::Loss& loss)
      : network_(&network),
        batch_(network.training(), std::min(network.training().rows(), rows_at_once)),
        function_(std::make_unique<LossFunction>(network.model(), loss, true), {.mode = Mode::evaluation}) {}

  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    network_->assign(x);
    double total = 0;
    std::fill(gradient.begin(), gradient.end(), 0.0);
    network_->each_block(batch_, [&] {
      std::array<Array, 2> outputs;
      function_.call(std::array{batch_.inputs(), batch_.targets(), batch_.weights()}, outputs);
      total += outputs[0].item<double>();
      const std::vector<double> slopes = outputs[1].to_vector<double>();
      for (std::size_t i = 0; i < slopes.size(); ++i) gradient[i] += slopes[i];
    });
    const std::span<const double> penalties = network_->penalties();
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = gradient[i] / network_->rows() + penalties[i] * x[i];
    }
    return total / network_->rows() + network_->penalty(x);
  }

 private:
  const Network* network_;
  BatchBuffer batch_;
  CompiledFunction function_;
};

// Errors scaled so that half their squares are the loss.
class FullBatch::Squares final : public SumOfSquares {
 public:
  Squares(const Network& network, const nn::Loss& loss)
      : network_(&network),
        batch_(network.training(), std::min(network.training().rows(), rows_at_once)),
        row_(network.training(), 1),
        loss_(std::make_unique<LossFunction>(network.model(), loss, false), {.mode = Mode::evaluation}),
        jacobian_(std::make_unique<JacobianFunction>(network.model()), {.mode = Mode::evaluation}),
        mean_over_outputs_(loss.name == "mse") {}

  double evaluate(std::span<const double> x) override {
    network_->assign(x);
    double total = 0;
    network_->each_block(batch_, [&] {
      std::array<Array, 1> outputs;
      loss_.call(std::array{batch_.inputs(), batch_.targets(), batch_.weights()}, outputs);
      total += outputs[0].item<double>();
    });
    return total / network_->rows() + network_->penalty(x);
  }

  double normal_equations(std::span<const double> x, std::span<double> jtj, std::span<double> jtr) override {
    network_->assign(x);
    std::vector<double> jacobian, residuals;
    double scale = 1;
    network_->each_block(row_, [&] {
      std::array<Array, 2> outputs;
      jacobian_.call(std::array{row_.inputs(), row_.targets()}, outputs);
      const std::vector<double> errors = outputs[0].to_vector<double>(),
                                slopes = outputs[1].to_vector<double>();
      // E = sum errors^2 / (2 N), of mse sum errors^2 / (K N).
      const double outputs_count = static_cast<double>(errors.size());
      scale = (mean_over_outputs_ ? 2 / outputs_count : 1.0) / network_->rows();
      residuals.insert(residuals.end(), errors.begin(), errors.end());
      jacobian.insert(jacobian.end(), slopes.begin(), slopes.end());
      if (residuals.size() < residuals_at_once) return;
      add_residuals(jacobian, residuals, jtj, jtr);
      residuals.clear();
      jacobian.clear();
    });
    add_residuals(jacobian, residuals, jtj, jtr);
    for (double& number : jtj) number *= scale;
    const std::span<const double> penalties = network_->penalties();
    for (std::size_t i = 0; i < jtr.size(); ++i) {
      jtr[i] = jtr[i] * scale + penalties[i] * x[i];
      jtj[i * jtr.size() + i] += penalties[i];
    }
    return evaluate(x);
  }

 private:
  const Network* network_;
  BatchBuffer batch_, row_;
  CompiledFunction loss_, jacobian_;
  bool mean_over_outputs_;
};

bool is_minimiser(std::string_view optimizer) {
  return optimizer == "lbfgs" || optimizer == "levenberg-marquardt";
}

Options completed_for_minimiser(Options options, const data::Dataset& training) {
  const auto refuse = [&](bool given, const char* what) {
    if (given)
      fail(ErrorKind::argument, "{}: has no {}; it sees all rows at each step", options.optimizer, what);
  };
  refuse(!options.schedule.empty() && options.schedule != "constant", "schedule");
  refuse(options.warmup.value_or(0) > 0, "warm-up");
  refuse(options.momentum.value_or(0) > 0 || options.nesterov, "momentum");
  refuse(options.beta1 || options.beta2 || options.epsilon || options.rho, "betas, epsilon or rho");
  refuse(options.weight_decay.value_or(0) > 0, "weight decay beside l2");
  refuse(options.l1 > 0, "l1 penalty, which is not smooth");
  refuse(options.clip_norm > 0 || options.clip_value > 0, "clipping");
  refuse(options.accumulate > 1, "accumulation");
  refuse(options.average > 0, "moving average");
  refuse(!options.rates.empty(), "rates of layers");
  refuse(options.precision != Precision::full, "products of bf16, which differences of losses do not bear");
  options.schedule = "constant";
  options.warmup = 0;
  options.weight_decay = 0.0;
  options.batch = training.rows();
  const bool marquardt = options.optimizer == "levenberg-marquardt";
  if (!options.learning_rate) options.learning_rate = marquardt ? 0.01 : 1.0;
  if (*options.learning_rate == 0) {
    fail(ErrorKind::argument, "{}: the learning rate is 0; expected more, as its {}", options.optimizer,
         marquardt ? "damping at the start" : "first step");
  }
  if (marquardt && options.loss != "mse" && options.loss != "half_squared_error") {
    fail(
        ErrorKind::argument,
        "levenberg-marquardt: minimises squares of errors, not {}; take --loss half_squared_error or mse, or "
        "lbfgs",
        options.loss);
  }
  if (marquardt && !options.class_weights.empty()) {
    fail(ErrorKind::argument, "levenberg-marquardt: has no class weights; take lbfgs");
  }
  return options;
}

FullBatch::FullBatch(const Options& options, const nn::Sequential& model, const nn::Loss& loss,
                     const data::Dataset& training) {
  check_layers(model, options.optimizer);
  check_penalties(model, training, options.optimizer);
  network_ = std::make_unique<Network>(model, training, options.l2 / static_cast<double>(training.rows()));
  const std::vector<double> start = network_->values();
  if (options.optimizer == "lbfgs") {
    objective_ = std::make_unique<Loss>(*network_, loss);
    minimiser_ =
        std::make_unique<Lbfgs>(*objective_, start, LbfgsOptions{.first_step = *options.learning_rate});
  } else {
    squares_ = std::make_unique<Squares>(*network_, loss);
    minimiser_ = std::make_unique<LevenbergMarquardt>(
        *squares_, start, LevenbergMarquardtOptions{.damping = *options.learning_rate});
  }
  network_->assign(start);
}
FullBatch::~FullBatch() = default;

bool FullBatch::step() {
  const bool better = minimiser_->step();
  network_->assign(minimiser_->x());
  return better;
}

double FullBatch::loss() const { return minimiser_->value() - network_->penalty(minimiser_->x()); }

void FullBatch::restore(std::span<const double> state) {
  minimiser_->restore(state);
  network_->assign(minimiser_->x());
}

}  // namespace retrograd::train
