// The options of a training with their defaults.
#include "train/options.h"

#include <retrograd/augmentation.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/fail.h"
#include "train/full_batch.h"
#include "train/reconstruction.h"

namespace retrograd::train {
namespace {

void check_not_negative(const char* what, double value) {
  if (!(value >= 0) || std::isinf(value)) {
    fail(ErrorKind::argument, "{} is {}; expected a number of at least 0", what, value);
  }
}

void check_not_negative(const char* what, const std::optional<double>& value) {
  if (value) check_not_negative(what, *value);
}

void check_at_least(const char* what, std::int64_t value, std::int64_t least) {
  if (value < least) fail(ErrorKind::argument, "{} is {}; expected at least {}", what, value, least);
}

// The pull of a prior on the weights, which does not grow with the rows, against a loss that is a mean over
// them: falls as 1 / rows, within bounds. What gives rows back is bounded by its narrow place instead.
double default_weight_decay(data::Task task, std::int64_t rows) {
  if (task == data::Task::reconstruction) return 0.01;
  return std::round(std::clamp(1000.0 / static_cast<double>(rows), 0.01, 2.0) * 1000) / 1000;
}

std::int64_t updates_of(const Options& options, std::int64_t rows) {
  return std::max<std::int64_t>(options.epochs * steps_in_epoch(options, rows) / options.accumulate, 1);
}

// Lion moves each weight by the rate at every update, whatever the gradient: at its published rate of 1e-4,
// meant for 100,000s of updates, a short training ends before the weights have gone anywhere.
double default_rate(const Options& options, std::int64_t rows) {
  const double rate = optim::make_optimizer(options.optimizer)->effective_learning_rate();
  if (options.optimizer != "lion") return rate;
  return std::clamp(2.0 / static_cast<double>(updates_of(options, rows)), rate, 3e-3);
}

void check(const Options& options) {
  check_at_least("epochs", options.epochs, 1);
  check_at_least("batch", options.batch, 1);
  check_at_least("patience", options.patience, 0);
  check_at_least("accumulate", options.accumulate, 1);
  check_at_least("warm-up", options.warmup.value_or(0), 0);
  check_not_negative("l1", options.l1);
  check_not_negative("l2", options.l2);
  check_not_negative("the largest norm of gradients", options.clip_norm);
  check_not_negative("the largest value of a gradient", options.clip_value);
  check_not_negative("the learning rate", options.learning_rate);
  check_not_negative("weight decay", options.weight_decay);
  check_not_negative("momentum", options.momentum);
  check_not_negative("beta1", options.beta1);
  check_not_negative("beta2", options.beta2);
  check_not_negative("epsilon", options.epsilon);
  check_not_negative("rho", options.rho);
  if (!(options.average >= 0 && options.average < 1)) {
    fail(ErrorKind::argument, "average is {}; expected 0 <= average < 1", options.average);
  }
  check_precision(options.precision);
}

// The text with its numbers. A minimiser sees the same rows at every step.
std::string completed_augmentation(const Options& options, const Shape& sample) {
  const data::Augmentation augmentation = data::parse_augmentation(options.augment);
  data::check_augmentation(augmentation, sample);
  if (!augmentation.empty() && is_minimiser(options.optimizer)) {
    fail(ErrorKind::argument, "augment: {} wants the same images at every step; take adamw",
         options.optimizer);
  }
  return augmentation.text();
}

const char* default_loss(data::Task task) {
  switch (task) {
    case data::Task::classification:
      return "cross_entropy";
    case data::Task::multi_label:
      return "binary_cross_entropy";
    case data::Task::reconstruction:
      return "half_squared_error";
    case data::Task::regression:
      break;
  }
  return "mse";
}

// binary_cross_entropy takes what is to be given back as probabilities.
void check_shares(const data::Parts& parts) {
  const auto width = static_cast<std::size_t>(parts.train.target_width());
  std::vector<float> inputs;
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < parts.train.rows(); first += rows_at_once(parts.train)) {
    rows.resize(static_cast<std::size_t>(std::min(parts.train.rows() - first, rows_at_once(parts.train))));
    std::iota(rows.begin(), rows.end(), first);
    inputs.resize(rows.size() * width);
    parts.train.copy_inputs(rows, inputs.data());
    const auto outside =
        std::find_if(inputs.begin(), inputs.end(), [](float x) { return !(x >= 0 && x <= 1); });
    if (outside == inputs.end()) continue;
    const std::size_t place = static_cast<std::size_t>(outside - inputs.begin()) % width;
    const std::vector<std::string> names = parts.encoder.input_names();
    fail(ErrorKind::argument,
         "loss: binary_cross_entropy gives back inputs from 0 to 1, as those of images, but the network sees "
         "{} as {}; take half_squared_error",
         place < names.size() ? fmt::format("\"{}\"", names[place]) : fmt::format("input {}", place + 1),
         *outside);
  }
}

// poisson counts events: its targets are counts as they are.
void check_poisson(const data::Parts& parts) {
  for (const data::Encoder::TargetColumn& target : parts.encoder.targets()) {
    if (target.mean == 0 && target.deviation == 1) continue;
    fail(ErrorKind::argument,
         "loss: poisson wants counts as they are, but \"{}\" is standardised; load the data with "
         "standardise_targets = false",
         target.name);
  }
  for (std::int64_t row = 0; row < parts.train.rows(); ++row) {
    for (std::int64_t j = 0; j < parts.train.target_width(); ++j) {
      const float count = parts.train.target(row, j);
      if (count < 0) fail(ErrorKind::data, "loss: poisson wants counts of at least 0; a target is {}", count);
    }
  }
}

}  // namespace

std::int64_t steps_in_epoch(const Options& options, std::int64_t rows) {
  return (rows + options.batch - 1) / options.batch;
}

Options completed(Options options, const data::Parts& parts) {
  const data::Dataset& train = parts.train;
  if (train.rows() == 0) fail(ErrorKind::data, "the training part has no rows");
  if (options.loss.empty()) options.loss = default_loss(train.task());
  check(options);
  options.augment = completed_augmentation(options, train.input_shape());
  const bool numbers = train.task() == data::Task::regression;
  const std::string_view loss = make_loss(options, train).name;
  if (loss == "poisson" && numbers) check_poisson(parts);
  if (loss == "binary_cross_entropy" && train.task() == data::Task::reconstruction) check_shares(parts);
  if (is_minimiser(options.optimizer)) return completed_for_minimiser(std::move(options), train);
  options.batch = std::min(options.batch, train.rows());
  if (options.schedule.empty()) options.schedule = options.optimizer == "sgd" ? "constant" : "cosine";
  if (!options.warmup) {
    const bool cosine = options.schedule.starts_with("cosine");
    const std::int64_t epoch =
        std::max<std::int64_t>(steps_in_epoch(options, train.rows()) / options.accumulate, 1);
    options.warmup = cosine ? std::min(epoch, updates_of(options, train.rows()) / 10) : 0;
  }
  make_optimizer(options, train.rows());
  if (!options.learning_rate) options.learning_rate = default_rate(options, train.rows());
  if (!options.weight_decay) {
    options.weight_decay =
        options.optimizer == "adamw" ? default_weight_decay(train.task(), train.rows()) : 0.0;
  }
  if (options.optimizer == "sgd" && !options.momentum) options.momentum = 0.0;
  return options;
}

std::unique_ptr<optim::Optimizer> make_optimizer(const Options& options, std::int64_t rows) {
  if (is_minimiser(options.optimizer)) return nullptr;
  const auto given = [](const std::optional<double>& value) { return value.value_or(-1.0); };
  const std::int64_t epoch = std::max<std::int64_t>(steps_in_epoch(options, rows) / options.accumulate, 1);
  auto optimizer = optim::make_optimizer(
      options.optimizer, {.learning_rate = given(options.learning_rate),
                          .momentum = given(options.momentum),
                          .nesterov = options.nesterov,
                          .weight_decay = given(options.weight_decay),
                          .beta1 = given(options.beta1),
                          .beta2 = given(options.beta2),
                          .epsilon = given(options.epsilon),
                          .rho = given(options.rho),
                          .schedule = optim::make_schedule(options.schedule, updates_of(options, rows),
                                                           options.warmup.value_or(0), epoch)});
  optimizer->set_clipping({.value = options.clip_value, .norm = options.clip_norm});
  return optimizer;
}

}  // namespace retrograd::train
