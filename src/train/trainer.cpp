// Trainer: epochs, early stopping, the best model. The step is in training_step.cpp, evaluation in
// evaluator.cpp.
#include <retrograd/io.h>
#include <retrograd/train.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "core/fail.h"
#include "data/random.h"
#include "train/options.h"
#include "train/parameter_groups.h"
#include "train/text_evaluator.h"
#include "train/trainer_state.h"

namespace retrograd::train {
namespace {

using Clock = std::chrono::steady_clock;

// Of so many parameters the gradients do not stay in the cache until their norm is taken.
constexpr std::int64_t many_parameters = 1 << 16;
constexpr double checkpoint_interval = 1;  // seconds between checkpoints, at least

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Runs f; an Error(diverged) from it says `where` first.
template <typename F>
void with_place(const std::string& where, const Options& options, F f) {
  try {
    f();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::diverged) throw;
    fail(ErrorKind::diverged, "training diverged at {}: {}; try a learning rate below {}", where,
         error.what(), *options.learning_rate);
  }
}

// The options with all defaults. Of text the training part keeps as many windows as whole batches have.
Options prepared(const Options& given, data::Parts& parts) {
  Options options = completed(given, parts);
  data::Dataset& train = parts.train;
  if (train.steps() > 0) train = train.slice(0, train.rows() - train.rows() % options.batch);
  return options;
}

nn::Sequential checked(nn::Sequential model) {
  if (model.parameters().empty()) {
    fail(ErrorKind::argument, "model: \"{}\" has no parameters to train; add a layer that has, as linear(10)",
         model.text());
  }
  return model;
}

}  // namespace

Observer::~Observer() = default;

const char* name(Stop stop) {
  switch (stop) {
    case Stop::completed:
      return "completed";
    case Stop::early:
      return "early";
    case Stop::interrupted:
      return "interrupted";
    case Stop::converged:
      return "converged";
  }
  return "";
}

Trainer::State::State(nn::Sequential network, data::Parts data, const Options& given)
    : model(checked(std::move(network))),
      parts(std::move(data)),
      training_part(parts.train),
      options(prepared(given, parts)),
      loss(make_loss(options, parts.train)),
      optimizer(make_optimizer(options, parts.train.rows())),
      accumulation(options.accumulate > 1
                       ? std::make_unique<optim::Accumulation>(*optimizer, options.accumulate)
                       : nullptr),
      average(options.average > 0 ? std::make_unique<optim::MovingAverage>(options.average, true) : nullptr),
      generator(options.seed),
      augmentation(data::parse_augmentation(options.augment)),
      batch(parts.train, options.batch),
      training_step({.model = &model,
                     .loss = &loss,
                     .optimizer = optimizer.get(),
                     .accumulation = accumulation.get(),
                     .average = average.get(),
                     .generator = &generator,
                     .carried = parts.train.steps() > 0 && nn::is_recurrent(model) ? &carried : nullptr,
                     .l1 = options.l1 / static_cast<double>(parts.train.rows()),
                     .l2 = options.l2 / static_cast<double>(parts.train.rows()),
                     .precision = options.precision}),
      evaluator(model, loss, parts.encoder) {
  check_output(model, loss, parts.train);
  if (parameter_count(model) >= many_parameters) norm_interval = 16;
  baseline = baseline_of(parts.train, parts.encoder);
  evaluator.set_baseline(baseline);
  freeze(options.freeze, model);
  if (optimizer) {
    set_rates(options.rates, model, *optimizer);
    optimizer->prepare(model.parameters());
  } else {
    if (parts.train.steps() > 0) {
      fail(ErrorKind::argument, "optimizer: {} is not for text; take adamw", options.optimizer);
    }
    full_batch = std::make_unique<FullBatch>(options, model, loss, parts.train);
  }
  if (const auto fall = optim::plateau_options(options.schedule)) {
    plateau = std::make_unique<optim::Plateau>(*optimizer, *fall);
  }
  if (accumulation) accumulation->prepare(model.parameters());
  if (average) average->prepare(model.parameters());
  if (is_stream()) {  // the states are there before the first step
    const nn::CarriedStateScope scope(carried);
    model(in_model_dtype(model, batch.inputs()));
  }
  if (options.batch < given.batch && optimizer) {
    notices.push_back(fmt::format("The batch of {} is larger than the training part; it is {} now.",
                                  given.batch, options.batch));
  }
  if (options.track_test && parts.test.rows() == 0) {
    fail(ErrorKind::argument, "track_test: there is no test part");
  }
}

std::vector<Variable> Trainer::State::learning_variables() const {
  std::vector<Variable> all;
  const auto add = [&](const std::vector<Variable>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (optimizer) add(optimizer->variables());
  if (accumulation) add(accumulation->variables());
  if (average) add(average->variables());
  if (plateau) add(plateau->variables());
  return all;
}

double Trainer::State::rate() const {
  if (!optimizer) return *options.learning_rate;
  const std::int64_t updates = optimizer->step().read().item<std::int64_t>();
  return optimizer->learning_rate().read().item<double>() *
         optimizer->schedule().multiplier(std::max<std::int64_t>(updates - 1, 0));
}

std::int64_t Trainer::State::steps_per_epoch() const { return steps_in_epoch(options, parts.train.rows()); }

bool Trainer::State::stopped_early() const {
  return options.patience > 0 && parts.validation.rows() > 0 && progress.epochs_done > 0 &&
         progress.epochs_done - progress.best_epoch >= options.patience;
}

bool Trainer::State::is_finished() const {
  return progress.epochs_done >= options.epochs || progress.converged || stopped_early();
}

Stop Trainer::State::reason() const {
  if (progress.converged) return Stop::converged;
  return stopped_early() && progress.epochs_done < options.epochs ? Stop::early : Stop::completed;
}

bool Trainer::State::has_norm(std::int64_t step) const { return step % norm_interval == 0; }

void Trainer::State::run_step(std::int64_t step) {
  const std::int64_t first = step * options.batch;
  const std::int64_t count = std::min(options.batch, parts.train.rows() - first);
  const auto rows =
      std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  batch.fill(rows_of_epoch, rows);
  batch.augment(augmentation, options.seed, progress.epochs_done, rows);
  const TrainingStep::Outcome outcome = training_step(batch, has_norm(step));
  progress.step = step + 1;
  progress.rows_seen += count;
  progress.loss_sum += outcome.loss * static_cast<double>(count);
  if (has_norm(step)) progress.norm_sum += outcome.grad_norm;
}

// The whole training part as one step. The loss is that before it, as a batch's is.
void Trainer::State::run_iteration() {
  progress.step = 1;
  progress.rows_seen = parts.train.rows();
  progress.loss_sum = full_batch->loss() * static_cast<double>(parts.train.rows());
  progress.norm_sum = full_batch->gradient_norm();
  progress.converged = !full_batch->step();
}

bool Trainer::State::is_stream() const { return parts.train.steps() > 0 && nn::is_recurrent(model); }

void Trainer::State::begin_epoch() {
  const std::int64_t epoch = progress.epochs_done;
  rows_of_epoch = parts.train;
  if (is_stream()) {
    make_stream_order(parts.train.rows(), options.batch, order);
    if (progress.step == 0) carried.reset();
    return;
  }
  if (parts.train.steps() > 0) {
    data::RandomWords random(options.seed, data::Purpose::shift, static_cast<std::uint64_t>(epoch));
    rows_of_epoch = parts.train.shifted(
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(parts.train.steps()))));
  }
  if (options.shuffle) {
    data::make_order(options.seed, epoch, parts.train.rows(), order);
  } else {
    order.resize(static_cast<std::size_t>(parts.train.rows()));
    std::iota(order.begin(), order.end(), 0);
  }
}

bool Trainer::State::run_epoch(Observer* observer) {
  const std::int64_t epoch = progress.epochs_done;
  const std::int64_t steps = steps_per_epoch();
  begin_epoch();
  Clock::time_point start = Clock::now();
  const double before = progress.seconds;
  for (std::int64_t step = progress.step; step < steps; ++step) {
    if (observer != nullptr && observer->stop_requested()) return false;
    const Clock::time_point began = Clock::now();
    try {
      if (full_batch) {
        run_iteration();
      } else {
        run_step(step);
      }
    } catch (const Error&) {
      const std::string where = fmt::format("step {} (epoch {})", epoch * steps + step + 1, epoch + 1);
      with_place(where, options, [] { throw; });
    }
    bool& is_planned = planned[has_norm(step) ? 1 : 0];
    if (!is_planned) start += Clock::now() - began;  // a call that made a plan does not count
    is_planned = true;
    progress.seconds = before + seconds_since(start);
    if (observer == nullptr) continue;
    observer->on_step({.epoch = epoch + 1,
                       .step = step + 1,
                       .steps = steps,
                       .epochs = options.epochs,
                       .loss = progress.loss_sum / static_cast<double>(progress.rows_seen)});
  }
  return true;
}

void Trainer::State::track_test() {
  const Evaluator::Score score = evaluator.score(parts.test);
  history.back().test_score = score.score;
  if (!(score.score > progress.best_test_score)) return;
  progress.best_test_score = score.score;
  progress.best_test_epoch = progress.epochs_done;
  best_test = evaluator.figures(parts.test);
}

void Trainer::State::finish_epoch() {
  const std::int64_t steps = steps_per_epoch();
  progress.epochs_done += 1;
  EpochRecord record;
  record.epoch = progress.epochs_done;
  record.step = progress.epochs_done * steps;
  record.seconds = progress.seconds;
  record.learning_rate = rate();
  record.train_loss = progress.loss_sum / static_cast<double>(progress.rows_seen);
  record.grad_norm = progress.norm_sum / static_cast<double>((steps - 1) / norm_interval + 1);
  progress.step = progress.rows_seen = 0;
  progress.loss_sum = progress.norm_sum = 0;

  // What is evaluated and kept is the average.
  if (average) average->swap(model.parameters());
  evaluate_epoch(record);
  if (average) average->swap(model.parameters());
  if (plateau) plateau->observe(std::isnan(record.val_loss) ? record.train_loss : record.val_loss);
}

void Trainer::State::evaluate_epoch(EpochRecord& record) {
  bool better = true;
  if (parts.validation.rows() > 0) {
    const Evaluator::Score score = evaluator.score(parts.validation);
    record.val_loss = score.loss;
    record.val_score = score.score;
    better = score.loss < progress.best_loss;
    if (better) progress.best_loss = score.loss;
  }
  if (better) {
    progress.best_epoch = progress.epochs_done;
    best = io::tensors_of(model.variables());
  }
  history.push_back(record);
  if (options.track_test) track_test();
}

Result Trainer::State::finish() {
  io::assign(model.variables(), best, "the model kept");
  Result result;
  result.stopped = reason();
  const auto figures = [&](const data::Dataset& part) -> std::optional<Figures> {
    if (part.rows() == 0) return std::nullopt;
    return evaluator.figures(part);
  };
  result.train = figures(training_part);
  result.validation = figures(parts.validation);
  result.test = figures(parts.test);
  if (options.track_test) result.best_test = best_test;
  result.best_test_epoch = progress.best_test_epoch;
  return result;
}

Trainer::Trainer(nn::Sequential model, data::Parts parts, const Options& options)
    : state_(std::make_unique<State>(std::move(model), std::move(parts), options)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

const Options& Trainer::options() const { return state_->options; }
const std::vector<std::string>& Trainer::notices() const { return state_->notices; }
const data::Parts& Trainer::parts() const { return state_->parts; }
const nn::Sequential& Trainer::model() const { return state_->model; }
const std::vector<EpochRecord>& Trainer::history() const { return state_->history; }

void Trainer::keep_checkpoint(std::string path, std::map<std::string, std::string> settings) {
  state_->checkpoint_path = std::move(path);
  state_->settings = std::move(settings);
}

void Trainer::resume(const std::string& path) { state_->load_checkpoint(path); }

Result Trainer::run(Observer* observer) {
  State& state = *state_;
  Result result;
  bool interrupted = false;
  std::optional<Clock::time_point> saved;
  while (!interrupted && !state.is_finished()) {
    if (!state.run_epoch(observer)) {
      interrupted = true;
    } else {
      const std::int64_t epoch = state.progress.epochs_done + 1;
      const std::string where =
          fmt::format("step {} (the evaluation after epoch {})", epoch * state.steps_per_epoch(), epoch);
      with_place(where, state.options, [&] { state.finish_epoch(); });
    }
    // A safe checkpoint waits for the disk, so short epochs share one.
    const bool last = interrupted || state.is_finished();
    if (!state.checkpoint_path.empty() && (last || !saved || seconds_since(*saved) >= checkpoint_interval)) {
      state.save_checkpoint();
      saved = Clock::now();
    }
    if (!interrupted && observer != nullptr) observer->on_epoch(state.history.back());
  }
  if (interrupted) {
    result.stopped = Stop::interrupted;
  } else {
    result = state.finish();
  }
  result.epochs = state.progress.epochs_done;
  result.best_epoch = state.progress.best_epoch;
  result.training_seconds = state.progress.seconds;
  return result;
}

void Trainer::save_model(const std::string& path) const {
  const State& state = *state_;
  const data::Source& source = state.parts.train.source();
  std::map<std::string, std::string> metadata{
      {"task", data::name(state.parts.train.task())},
      {"encoder", state.parts.encoder.to_json()},
      {"seed", std::to_string(state.options.seed)},
      {"epochs", std::to_string(state.progress.epochs_done)},
      {"best_epoch", std::to_string(state.progress.best_epoch)},
      {"stopped", name(state.is_finished() ? state.reason() : Stop::interrupted)},
      {"data_rows", std::to_string(source.rows)},
      {"data_sha256", source.sha256},
  };
  put_loss(state.options, state.loss, metadata);
  put_baseline(state.baseline, metadata);
  if (!state.parts.train.vocabulary().empty()) {
    metadata["vocabulary"] = state.parts.train.vocabulary().to_text();
    metadata.erase("encoder");
  }
  io::save_model(path, io::make_model_file(state.model, state.parts.train.input_shape(), metadata));
}

}  // namespace retrograd::train
