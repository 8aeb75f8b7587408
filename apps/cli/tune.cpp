// retrograd tune: a search for good settings.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/data_argument.h"
#include "cli/idle_cores.h"
#include "cli/search.h"
#include "cli/verbs.h"

namespace cli {
namespace {

constexpr const char* examples = R"TEXT(Examples:
  retrograd tune digits.csv --search "lr = 1e-4..1e-1, model = linear(32)|linear(64), dropout = 0..0.5"
  retrograd tune digits.csv --search "optimizer = adamw|sgd, batch = 16..256" --trials 50 --method random
  retrograd tune runs/digits-1 --resume            (one that was interrupted)
  retrograd train runs/digits-1/best/config.toml   (the best one again)

{"version": "0.1.0", "run": "runs/digits-1", "search": "lr = 1e-4..1e-1", "method": "halving", "trials": 20,
 "seed": 1, "criterion": "log_loss", "score": "accuracy", "rungs": [{"trials": 20, "epochs": 11}, ...],
 "leaderboard": [{"rank": 1, "trial": 7, "rung": 3, "epochs": 100, "loss": 0.06, "score": 0.986,
  "seconds": 0.4, "values": {"lr": "0.0031"}, "error": null}, ...], "best": {...}, "seconds": 3.2})TEXT";

struct Arguments : DataArgument {
  std::string out;
  bool resume = false;
};

void tune(Arguments arguments, const Common& common) {
  const IdleCores idle;
  std::error_code error;
  read_config_argument(arguments);
  if (arguments.resume && arguments.out.empty()) arguments.out = arguments.config_folder;
  if (arguments.resume && arguments.out.empty()) {
    throw UsageError("--resume: which search? Name its folder: retrograd tune runs/<name> --resume");
  }
  if (!arguments.resume && !arguments.out.empty() && std::filesystem::exists(arguments.out, error)) {
    throw UsageError(
        fmt::format("--out: {} exists already; choose another folder, or go on with its search by --resume",
                    arguments.out));
  }
  if (!arguments.settings.search) {
    throw UsageError("what shall be searched? Name settings and their values: --search \"lr = 1e-4..1e-1\"");
  }
  const Source source = find_source(arguments.data, arguments.folder);
  choose_threads(arguments.settings, idle);
  search(arguments.settings, source, {.out = arguments.out, .resume = arguments.resume}, common);
}

}  // namespace

void add_tune(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Searches for settings: trains with random ones of a space and goes on with the best. Trainings are "
      "compared by the validation part; the test part is looked at for the best alone.");
  app.footer(examples);
  add_data_argument(app, *arguments);
  add_search_flags(app, arguments->settings);
  app.add_option("--out", arguments->out, "The folder of the search, which must not exist (runs/<data>-<n>)")
      ->type_name("PATH");
  app.add_flag("--resume", arguments->resume, "Go on with the search of --out, or of the folder DATA");
  app.callback([arguments, &common] { common.run = [arguments, &common] { tune(*arguments, common); }; });
}

}  // namespace cli
