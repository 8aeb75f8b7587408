// The options of a training with their defaults.
#include "train/options.h"

#include <algorithm>
#include <cmath>

#include "core/fail.h"

namespace retrograd::train {
namespace {

void check_not_negative(const char* what, double value) {
  if (!(value >= 0) || std::isinf(value)) {
    fail(ErrorKind::argument, "{} is {}; expected a number of at least 0", what, value);
  }
}

void check_at_least(const char* what, std::int64_t value, std::int64_t least) {
  if (value < least) fail(ErrorKind::argument, "{} is {}; expected at least {}", what, value, least);
}

// The pull of a prior on the weights, which does not grow with the rows, against a loss that is a mean over
// them: falls as 1 / rows, within bounds.
double default_weight_decay(std::int64_t rows) {
  return std::round(std::clamp(1000.0 / static_cast<double>(rows), 0.01, 1.0) * 1000) / 1000;
}

}  // namespace

std::int64_t steps_in_epoch(const Options& options, std::int64_t rows) {
  return (rows + options.batch - 1) / options.batch;
}

Options completed(Options options, const data::Parts& parts) {
  const data::Dataset& train = parts.train;
  if (train.rows() == 0) fail(ErrorKind::data, "the training part has no rows");
  if (options.loss.empty()) {
    options.loss = train.task() == data::Task::classification ? "cross_entropy" : "mse";
  }
  nn::loss(options.loss);
  if (options.loss == "poisson") {
    fail(ErrorKind::argument,
         "loss: poisson wants counts as they are, but targets are standardised here; take mse or huber");
  }
  check_at_least("epochs", options.epochs, 1);
  check_at_least("batch", options.batch, 1);
  check_at_least("patience", options.patience, 0);
  check_not_negative("l1", options.l1);
  check_not_negative("l2", options.l2);
  options.batch = std::min(options.batch, train.rows());
  const bool sgd = options.optimizer == "sgd";
  if (options.schedule.empty()) options.schedule = sgd ? "constant" : "cosine";
  make_optimizer(options, train.rows());
  if (!options.learning_rate) {
    options.learning_rate = optim::make_optimizer(options.optimizer)->effective_learning_rate();
  }
  if (!options.weight_decay) {
    options.weight_decay = options.optimizer == "adamw" ? default_weight_decay(train.rows()) : 0.0;
  }
  if (sgd && !options.momentum) options.momentum = 0.0;
  return options;
}

std::unique_ptr<optim::Optimizer> make_optimizer(const Options& options, std::int64_t rows) {
  if (options.learning_rate) check_not_negative("the learning rate", *options.learning_rate);
  if (options.weight_decay) check_not_negative("weight decay", *options.weight_decay);
  if (options.momentum) check_not_negative("momentum", *options.momentum);
  const std::int64_t steps = steps_in_epoch(options, rows);
  const std::int64_t total = options.epochs * steps;
  const std::int64_t warmup = options.schedule == "cosine" ? std::min(steps, total / 10) : 0;
  optim::OptimizerOptions given;
  given.learning_rate = options.learning_rate.value_or(-1.0);
  given.momentum = options.momentum.value_or(-1.0);
  given.weight_decay = options.weight_decay.value_or(-1.0);
  given.schedule = optim::make_schedule(options.schedule, total, warmup);
  return optim::make_optimizer(options.optimizer, given);
}

}  // namespace retrograd::train
