// retrograd train: learns from data and leaves the folder of a run.
#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/profile.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/cross_validation.h"
#include "cli/data_argument.h"
#include "cli/ensemble.h"
#include "cli/idle_cores.h"
#include "cli/one_training.h"
#include "cli/search.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd train digits.csv
  retrograd train digits.csv --model "linear(100), relu, dropout(0.5), linear(10)" --out runs/wide
  retrograd train mnist --data data/mnist --epochs 5
  retrograd train sales.csv --target price --type "sold=date, remark=text" --ignore id
  zcat big.csv.gz | retrograd train - --target y
  retrograd train book.txt --context 100 --epochs 10
  retrograd train series.csv --target y --window 48 --model "gru(64), linear(1)"
  retrograd train data.csv --task reconstruction   (an autoencoder; predict tells which rows do not fit)
  retrograd train data.csv --cv 5                  (five folds, mean and deviation)
  retrograd train data.csv --ensemble 5 --importance
  retrograd train new.csv --from runs/digits-1 --freeze 0      (fine-tune a trained network)
  retrograd train runs/digits-1/config.toml        (the same training again)
  retrograd train runs/digits-1 --resume           (one that was interrupted))TEXT";

struct Arguments : DataArgument {
  std::string out;
  bool resume = false;
  bool profile = false;
};

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
  if (!arguments.out.empty()) return run_folder(arguments.out, arguments.resume);
  return rg::train::RunDirectory::create_numbered("runs", source.name);
}

// The trace goes to the run's folder, the table is given.
std::string leave_profile(rg::Profile& profile, const std::string& folder) {
  const auto run = rg::train::RunDirectory::open(folder);
  run.write("profile.json", profile.chrome_trace());
  return fmt::format("\n{}A trace for ui.perfetto.dev is in {}\n", profile.table(), run.file("profile.json"));
}

void train_one(const Arguments& arguments, const Settings& settings, const Source& source,
               const Common& common) {
  std::optional<rg::Profile> profile;
  if (arguments.profile) profile.emplace();
  const Trained trained = train_once(
      settings, source, [&] { return make_run(arguments, source); }, arguments.resume, common);
  const std::string profiled = profile ? leave_profile(*profile, trained.report.run) : "";
  if (common.json) {
    print_json(json_of(trained.report));
  } else {
    print(trained.text + profiled);
  }
}

void train(Arguments arguments, const Common& common) {
  const IdleCores idle;
  read_config_argument(arguments);
  if (arguments.resume && arguments.out.empty()) arguments.out = arguments.config_folder;
  check_out(arguments);
  const Source source = find_source(arguments.data, arguments.folder);
  Settings settings = arguments.settings;
  choose_threads(settings, idle);
  if (arguments.profile && (settings.search || settings.cv || settings.ensemble)) {
    throw UsageError("--profile: is of one training; it goes not with --cv, --ensemble or --search");
  }
  if (settings.importance.value_or(false) && task_of(settings) == rg::data::Task::reconstruction) {
    throw UsageError("--importance: in reconstruction each column is input and target; there is none beside");
  }
  const Several several{.out = arguments.out, .resume = arguments.resume};
  if (settings.search) {
    if (settings.cv || settings.ensemble) throw UsageError("--search: goes not with --cv or --ensemble");
    search(settings, source, several, common);
  } else if (settings.cv && settings.ensemble) {
    throw UsageError("--cv and --ensemble: take one of them");
  } else if (settings.cv) {
    cross_validate(settings, source, several, common);
  } else if (settings.ensemble) {
    train_ensemble(settings, source, several, common);
  } else {
    train_one(arguments, settings, source, common);
  }
}

}  // namespace

void add_train(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Trains a network on a table, on images or on text.");
  app.footer(examples);
  add_data_argument(app, *arguments);
  app.add_option("--out", arguments->out, "The folder of the run, which must not exist (runs/<data>-<n>)")
      ->type_name("PATH");
  app.add_flag("--resume", arguments->resume,
               "Go on from the checkpoint of --out, or of the run that DATA names");
  app.add_flag(
      "--profile", arguments->profile,
      "Show where the time goes, by layer and kernel, and leave profile.json, a Chrome trace, in the run");
  app.add_option(
         "--cv", arguments->settings.cv,
         "Cross-validation: so many trainings, the test part of each a fold of the rows; for tables and "
         "images, of IDX files the rows of train. Every fold's run is kept (none)")
      ->type_name("K");
  app.add_option("--ensemble", arguments->settings.ensemble,
                 "So many trainings with seeds of their own on the same split, their predictions averaged by "
                 "eval and predict; for tables and images (none)")
      ->type_name("N");
  app.add_flag("--importance", arguments->settings.importance,
               "How much each column matters: the loss of score where its values are shuffled among the rows "
               "of the test part; for tables");
  add_search_flags(app, arguments->settings);
  app.callback([arguments, &common] { common.run = [arguments, &common] { train(*arguments, common); }; });
}

}  // namespace cli
