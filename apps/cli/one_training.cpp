// One training in a folder of its own.
#include "cli/one_training.h"

#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/importance.h>
#include <retrograd/threads.h>

#include <chrono>
#include <filesystem>
#include <utility>

#include "cli/idle_cores.h"
#include "cli/interrupt.h"
#include "cli/letters.h"
#include "cli/progress.h"
#include "cli/run_report.h"
#include "cli/training.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

std::string closing_text(const Report& report) {
  const std::string why = report.stopped == "early" ? ", stopped early" : "";
  return fmt::format(
      "\nThe model of epoch {} of {}{}: {} parameters, {} s of training on {} {}.\nIt is in {}\n",
      *report.best_epoch, *report.epochs, why, report.parameters, significant(*report.training_seconds, 3),
      report.threads, report.threads == 1 ? "thread" : "threads", report.run);
}

std::string opening_text(const rg::train::Trainer& trainer, const Source& source) {
  const rg::data::Parts& parts = trainer.parts();
  const rg::data::Dataset& train = parts.train;
  if (source.text) {
    return fmt::format(
        "{}: windows of {} {} ({} training, {} validation, {} test), {} different ones\nmodel: {} ({} "
        "parameters)",
        source.path, train.steps(), parts.train.vocabulary().is_bytes() ? "bytes" : "characters",
        train.rows(), parts.validation.rows(), parts.test.rows(), parts.train.vocabulary().size(),
        trainer.model().text(), rg::nn::parameter_count(trainer.model()));
  }
  const char* things = train.task() == rg::data::Task::classification ? "classes"
                       : train.task() == rg::data::Task::multi_label  ? "labels"
                                                                      : "numbers";
  const std::string what = train.task() == rg::data::Task::reconstruction ? "given back"
                           : train.task() == rg::data::Task::regression && train.target_width() == 1
                               ? "one number"
                               : fmt::format("{} {}", train.target_width(), things);
  const auto& targets = parts.encoder.targets();
  const std::string target = targets.size() == 1 ? fmt::format(" of \"{}\"", targets[0].name) : "";
  const std::int64_t window = parts.encoder.windows().size;
  return fmt::format(
      "{}: {} rows{} ({} training, {} validation, {} test), {} inputs, {}{}\nmodel: {} ({} parameters)",
      source.path, train.source().rows, window > 0 ? fmt::format(", windows of {} of them", window) : "",
      train.rows(), parts.validation.rows(), parts.test.rows(), train.input_shape().size(), what, target,
      trainer.model().text(), rg::nn::parameter_count(trainer.model()));
}

void resume(rg::train::Trainer& trainer, const rg::train::RunDirectory& run, const Common& common) {
  std::error_code error;
  if (!fs::exists(run.checkpoint(), error)) {
    notice(common, fmt::format("{} holds no checkpoint yet: the training starts anew.", run.path()));
    return;
  }
  trainer.resume(run.checkpoint());
  notice(common, fmt::format("going on after epoch {}",
                             trainer.history().empty() ? 0 : trainer.history().back().epoch));
}

rg::train::Result learn(rg::train::Trainer& trainer, const rg::train::RunDirectory& run,
                        const Common& common) {
  const rg::data::Task task = trainer.parts().train.task();
  run.start_metrics(task, trainer.options().track_test, trainer.history());
  Progress progress(common, run, task, trainer.options().epochs,
                    static_cast<std::int64_t>(trainer.history().size()));
  watch_interrupts();
  const rg::train::Result result = trainer.run(&progress);
  progress.clear();
  if (result.stopped == rg::train::Stop::interrupted) {
    run.log("interrupted");
    throw Interrupted(
        fmt::format("interrupted after {} epochs, a checkpoint is written; go on with: retrograd "
                    "train {} --resume",
                    result.epochs, run.path()));
  }
  trainer.save_model(run.model());
  return result;
}

}  // namespace

Report report_of(const rg::train::Trainer& trainer, const rg::train::RunDirectory& run,
                 const rg::train::Result& result) {
  Report report;
  report.run = run.path();
  report.rows = trainer.parts().train.source().rows;
  report.sha256 = trainer.parts().train.source().sha256;
  report.seed = trainer.options().seed;
  report.threads = rg::threads();
  report.parameters = rg::nn::parameter_count(trainer.model());
  report.epochs = result.epochs;
  report.best_epoch = result.best_epoch;
  report.stopped = rg::train::name(result.stopped);
  report.task = trainer.parts().train.task();
  report.train = result.train;
  report.validation = result.validation;
  report.test = result.test;
  report.best_test = result.best_test;
  report.best_test_epoch = result.best_test_epoch;
  report.training_seconds = result.training_seconds;
  return report;
}

const rg::data::Dataset& held_out(const rg::data::Parts& parts) {
  if (parts.test.rows() > 0) return parts.test;
  return parts.validation.rows() > 0 ? parts.validation : parts.train;
}

rg::train::RunDirectory run_folder(const std::string& path, bool resume) {
  std::error_code error;
  if (resume && fs::exists(path, error)) return rg::train::RunDirectory::open(path);
  return rg::train::RunDirectory::create(path);
}

void choose_threads(Settings& settings, const IdleCores& idle) {
  const std::int64_t wanted = settings.threads.value_or(idle.cores(rg::threads()));
  if (wanted < 1 || wanted > 256) {
    throw UsageError(fmt::format("--threads: {} is out of range; expected 1 to 256", wanted));
  }
  settings.threads = wanted;
  rg::set_threads(static_cast<int>(wanted));
}

Trained train_once(const Settings& settings, const Source& source,
                   const std::function<rg::train::RunDirectory()>& make_run, bool again,
                   const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  Prepared prepared = prepare(settings, source);
  for (const std::string& line : prepared.notices) notice(common, line);
  const rg::train::Options options = make_options(settings, prepared.parts.train, source.images);
  rg::train::Trainer trainer(std::move(prepared.model), std::move(prepared.parts), options);
  if (settings.data_sha256 && *settings.data_sha256 != trainer.parts().train.source().sha256) {
    notice(common, fmt::format("{} is not what it was when the configuration was written.", source.path));
  }

  const rg::train::RunDirectory run = make_run();
  trainer.keep_checkpoint(run.checkpoint(),
                          {{"init", initialisation(settings)}, {"from", settings.from.value_or("")}});
  if (again) resume(trainer, run, common);
  for (const std::string& line : trainer.notices()) notice(common, line);
  const Settings used = written_out(settings, source, trainer);
  run.write("config.toml", config_text(used));
  const std::string opening = opening_text(trainer, source);
  notice(common, opening);
  run.log(fmt::format("retrograd train: {}", opening));
  try {
    const rg::train::Result result = learn(trainer, run, common);
    Report report = report_of(trainer, run, result);
    if (settings.importance.value_or(false)) {
      rg::train::Predictor predictor(run.model());
      report.importance = rg::train::permutation_importance(predictor, held_out(trainer.parts()));
    }
    report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::string more = leave_report(trainer, run, report, used, source.path, common);
    const std::string text = parts_text(report) + more + importance_text(report) + closing_text(report);
    run.log("done\n" + text);
    return {report, text};
  } catch (const rg::Error& error) {
    if (error.kind() != rg::ErrorKind::io) run.log(error.what());
    throw;
  }
}

}  // namespace cli
