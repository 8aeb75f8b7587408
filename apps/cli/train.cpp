// retrograd train: learns from data and leaves the folder of a run.
#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/threads.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "cli/idle_cores.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/run_report.h"
#include "cli/settings.h"
#include "cli/source.h"
#include "cli/training.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd train digits.csv
  retrograd train digits.csv --model "linear(100), relu, dropout(0.5), linear(10)" --out runs/wide
  retrograd train mnist --data data/mnist --epochs 5
  retrograd train book.txt --context 100 --epochs 10
  retrograd train new.csv --from runs/digits-1 --freeze 0      (fine-tune a trained network)
  retrograd train runs/digits-1/config.toml        (the same training again)
  retrograd train runs/digits-1 --resume           (one that was interrupted))TEXT";

struct Arguments {
  std::string data;    // DATA
  std::string folder;  // --data
  std::string out;
  bool resume = false;
  Settings settings;
};

// A relative path is taken from here, else from beside the file that names it.
std::string found(const std::string& path, const fs::path& config) {
  std::error_code error;
  if (fs::exists(path, error)) return path;
  const fs::path beside = config.parent_path() / path;
  return fs::exists(beside, error) ? beside.string() : path;
}

// A split on the command line takes the place of the file's, of whichever kind that is.
Settings read_settings(const Settings& given, const fs::path& config) {
  Settings from_file = read_config(config.string());
  if (given.split_file) from_file.test = from_file.val = std::nullopt;
  if (given.test || given.val) from_file.split_file = std::nullopt;
  if (from_file.split_file) from_file.split_file = found(*from_file.split_file, config);
  return merged(given, from_file);
}

// DATA may be a config.toml or the folder of a run that holds one.
void read_config_argument(Arguments& arguments) {
  if (arguments.data.empty()) return;
  const fs::path path(arguments.data);
  std::error_code error;
  const bool folder = fs::is_regular_file(path / "config.toml", error);
  if (!folder && path.extension() != ".toml") return;
  const fs::path config = folder ? path / "config.toml" : path;
  arguments.settings = read_settings(arguments.settings, config);
  if (!arguments.settings.data && arguments.folder.empty()) {
    throw UsageError(fmt::format("{}: names no data; add a line data = \"file.csv\"", config.string()));
  }
  if (arguments.resume && arguments.out.empty()) arguments.out = config.parent_path().string();
  arguments.data = arguments.folder.empty() ? *arguments.settings.data : arguments.folder;
  if (arguments.data != "mnist") arguments.data = found(arguments.data, config);
  arguments.folder.clear();
}

// What can be said before anything is read.
void check_out(const Arguments& arguments) {
  std::error_code error;
  if (arguments.resume) {
    if (arguments.out.empty()) {
      throw UsageError(
          "--resume: which training? Name its folder: retrograd train runs/<name> --resume, or --out");
    }
    return;
  }
  if (!arguments.out.empty() && fs::exists(arguments.out, error)) {
    throw UsageError(
        fmt::format("--out: {} exists already; choose another folder, or go on with its training by --resume",
                    arguments.out));
  }
}

rg::train::RunDirectory make_run(const Arguments& arguments, const Source& source) {
  std::error_code error;
  if (arguments.resume && fs::exists(arguments.out, error))
    return rg::train::RunDirectory::open(arguments.out);
  if (!arguments.out.empty()) return rg::train::RunDirectory::create(arguments.out);
  return rg::train::RunDirectory::create_numbered("runs", source.name);
}

void choose_threads(Settings& settings, const IdleCores& idle) {
  const std::int64_t wanted = settings.threads.value_or(idle.cores(rg::threads()));
  if (wanted < 1 || wanted > 256) {
    throw UsageError(fmt::format("--threads: {} is out of range; expected 1 to 256", wanted));
  }
  settings.threads = wanted;
  rg::set_threads(static_cast<int>(wanted));
}

Report make_report(const rg::train::Trainer& trainer, const rg::train::RunDirectory& run,
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

std::string closing_text(const Report& report) {
  const std::string why = report.stopped == "early" ? ", stopped early" : "";
  return fmt::format(
      "\nThe model of epoch {} of {}{}: {} parameters, {:.2f} s of training on {} {}.\nIt is in {}\n",
      *report.best_epoch, *report.epochs, why, report.parameters, *report.training_seconds, report.threads,
      report.threads == 1 ? "thread" : "threads", report.run);
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
  const bool classes = train.task() == rg::data::Task::classification;
  const std::string what =
      classes ? fmt::format("{} classes", train.classes().size())
              : (train.target_width() == 1 ? "one number" : fmt::format("{} numbers", train.target_width()));
  const std::string target =
      parts.encoder.targets().empty() ? "" : fmt::format(" of \"{}\"", parts.encoder.targets()[0].name);
  return fmt::format(
      "{}: {} rows ({} training, {} validation, {} test), {} inputs, {}{}\nmodel: {} ({} parameters)",
      source.path, train.source().rows, train.rows(), parts.validation.rows(), parts.test.rows(),
      train.input_shape().size(), what, train.target_width() == 1 || classes ? target : "",
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

void train(Arguments arguments, const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  const IdleCores idle;
  read_config_argument(arguments);
  check_out(arguments);
  const Source source = find_source(arguments.data, arguments.folder);
  Settings settings = arguments.settings;
  Prepared prepared = prepare(settings, source);
  for (const std::string& line : prepared.notices) notice(common, line);
  const rg::train::Options options = make_options(settings, prepared.parts.train, source.images);
  rg::train::Trainer trainer(std::move(prepared.model), std::move(prepared.parts), options);
  choose_threads(settings, idle);
  if (settings.data_sha256 && *settings.data_sha256 != trainer.parts().train.source().sha256) {
    notice(common, fmt::format("{} is not what it was when the configuration was written.", source.path));
  }

  const rg::train::RunDirectory run = make_run(arguments, source);
  trainer.keep_checkpoint(run.checkpoint(),
                          {{"init", initialisation(settings)}, {"from", settings.from.value_or("")}});
  if (arguments.resume) resume(trainer, run, common);
  for (const std::string& line : trainer.notices()) notice(common, line);
  const Settings used = written_out(settings, source, trainer);
  run.write("config.toml", config_text(used));
  const std::string opening = opening_text(trainer, source);
  notice(common, opening);
  run.log(fmt::format("retrograd train: {}", opening));
  try {
    const rg::train::Result result = learn(trainer, run, common);
    Report report = make_report(trainer, run, result);
    report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::string more = leave_report(trainer, run, report, used, source.path, common);
    const std::string text = parts_text(report) + more + closing_text(report);
    run.log("done\n" + text);
    if (common.json) {
      print_json(json_of(report));
    } else {
      print(text);
    }
  } catch (const rg::Error& error) {
    if (error.kind() != rg::ErrorKind::io) run.log(error.what());
    throw;
  }
}

}  // namespace

void add_train(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Trains a network on a table, on images or on text.");
  app.footer(examples);
  app.add_option("DATA", arguments->data,
                 "A CSV file, a text (.txt), a folder of IDX images, \"mnist\", or the config.toml (or "
                 "folder) of a run")
      ->type_name("");
  app.add_option("--data", arguments->folder, "The folder of mnist, or the data where DATA is a config.toml")
      ->type_name("PATH");
  app.add_option("--out", arguments->out, "The folder of the run, which must not exist (runs/<data>-<n>)")
      ->type_name("PATH");
  app.add_flag("--resume", arguments->resume,
               "Go on from the checkpoint of --out, or of the run that DATA names");
  visit_flags(arguments->settings, [&app](const std::string& key, auto& member, const char* help) {
    std::string flag = "--" + key;
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (key == "lr") flag += ",--learning-rate";
    using Value = typename std::remove_cvref_t<decltype(member)>::value_type;
    if constexpr (std::is_same_v<Value, bool>) {
      app.add_flag(flag, member, help);
    } else {
      app.add_option(flag, member, help)
          ->type_name(std::is_same_v<Value, std::string> ? "TEXT"
                      : std::is_same_v<Value, double>    ? "NUMBER"
                                                         : "N");
    }
  });
  app.callback([arguments, &common] { common.run = [arguments, &common] { train(*arguments, common); }; });
}

}  // namespace cli
