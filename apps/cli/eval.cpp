// retrograd eval: the figures of a trained network, on its own data or on new rows.
#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/text.h>
#include <retrograd/text_model.h>
#include <retrograd/threads.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/one_training.h"
#include "cli/report.h"
#include "cli/settings.h"
#include "cli/source.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd eval runs/digits-1
  retrograd eval runs/digits-1 --importance
  retrograd eval runs/digits-1 --data new.csv --json)TEXT";

struct Arguments {
  std::string run;
  std::string data;
  std::string positional_data;
  bool importance = false;
  bool strict = false;
};

template <typename T>
std::optional<T> number_of(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  T number{};
  if (found == metadata.end()) return std::nullopt;
  const char* end = found->second.data() + found->second.size();
  if (std::from_chars(found->second.data(), end, number).ptr != end) return std::nullopt;
  return number;
}

// The third field of the last line of metrics.csv.
std::optional<double> training_seconds(const std::string& run) {
  std::ifstream stream(fs::path(run) / "metrics.csv");
  std::string line, last;
  while (std::getline(stream, line)) last = line;
  const std::size_t first = last.find(',');
  const std::size_t second = first == last.npos ? last.npos : last.find(',', first + 1);
  double seconds = 0;
  if (second == last.npos) return std::nullopt;
  const auto read = std::from_chars(last.data() + second + 1, last.data() + last.size(), seconds);
  if (read.ec != std::errc()) return std::nullopt;
  return seconds;
}

// What does not depend on the data.
Report report_of(const std::string& run, const std::map<std::string, std::string>& metadata,
                 const rg::nn::Sequential& model) {
  Report report;
  report.run = run;
  report.seed = number_of<std::uint64_t>(metadata, "seed");
  report.threads = rg::threads();
  report.parameters = rg::nn::parameter_count(model);
  report.epochs = number_of<std::int64_t>(metadata, "epochs");
  report.best_epoch = number_of<std::int64_t>(metadata, "best_epoch");
  const auto stopped = metadata.find("stopped");
  if (stopped != metadata.end()) report.stopped = stopped->second;
  report.training_seconds = training_seconds(run);
  return report;
}

// Of config.toml.
Settings settings_of_run(const std::string& run) {
  const fs::path config = fs::path(run) / "config.toml";
  std::error_code error;
  if (!fs::exists(config, error)) {
    throw UsageError(fmt::format("{}: is no folder of a run; say what to evaluate by --data", run));
  }
  return read_config(config.string());
}

// The parts of the training again, from config.toml; gives the one that was held out.
rg::data::Dataset evaluate_parts(rg::train::Predictor& predictor, const Arguments& arguments,
                                 const Common& common, Report& report) {
  const std::string& run = arguments.run;
  Settings settings = settings_of_run(run);
  if (arguments.strict) settings.strict_data = true;
  const Source source = find_source(settings.data.value_or(""), "");
  if (source.path == "-") {
    throw UsageError(
        fmt::format("{}: was trained on the standard input; say what to evaluate by --data", run));
  }
  const rg::data::Parts parts = load(source, settings);
  for (const std::string& line : parts.train.source().notices) notice(common, line);
  report.rows = parts.train.source().rows;
  report.sha256 = parts.train.source().sha256;
  if (report.sha256 != settings.data_sha256) {
    notice(common, fmt::format("{} is not what the model was trained on.", source.path));
  }
  if (!(parts.encoder == predictor.encoder())) {
    throw rg::Error(
        rg::ErrorKind::data,
        fmt::format("{}: its rows are not those that the model was trained on; give --data to evaluate "
                    "other rows",
                    source.path));
  }
  report.train = predictor.evaluate(parts.train);
  if (parts.validation.rows() > 0) report.validation = predictor.evaluate(parts.validation);
  if (parts.test.rows() > 0) report.test = predictor.evaluate(parts.test);
  return held_out(parts);
}

// Text: the parts of the training, or another text.
Report evaluate_text(const Arguments& arguments, const Common& common) {
  if (arguments.strict) throw UsageError("--strict-data: is for pictures; the model takes text");
  rg::train::TextModel model(arguments.run);
  Report report = report_of(arguments.run, model.metadata(), model.model());
  const std::string& data = arguments.data.empty() ? arguments.positional_data : arguments.data;
  const auto known = [&](const rg::data::Dataset& text) -> std::optional<rg::train::Figures> {
    if (text.rows() == 0) return std::nullopt;
    return model.evaluate(text);
  };
  if (!data.empty()) {
    const rg::data::Dataset text = rg::data::load_text(data, model.vocabulary(), model.context());
    report.rows = text.rows();
    report.sha256 = text.source().sha256;
    report.test = known(text);
    return report;
  }
  const Settings settings = settings_of_run(arguments.run);
  const Source source = find_source(settings.data.value_or(""), "");
  const rg::data::Parts parts = load(source, settings);
  report.rows = parts.train.source().rows;
  report.sha256 = parts.train.source().sha256;
  if (report.sha256 != settings.data_sha256) {
    notice(common, fmt::format("{} is not what the model was trained on.", source.path));
  }
  report.train = known(parts.train);
  report.validation = known(parts.validation);
  report.test = known(parts.test);
  return report;
}

Report evaluate_rows(const Arguments& arguments, const Common& common) {
  rg::train::Predictor predictor(arguments.run);
  Report report = report_of(arguments.run, predictor.metadata(), predictor.model());
  report.task = predictor.encoder().task();
  const std::string& data = arguments.data.empty() ? arguments.positional_data : arguments.data;
  rg::data::Dataset rows;
  if (data.empty()) {
    rows = evaluate_parts(predictor, arguments, common, report);
  } else {
    rows = load_rows(find_source(data, ""), predictor.encoder(), arguments.strict);
    for (const std::string& line : rows.source().notices) notice(common, line);
    report.rows = rows.rows();
    report.sha256 = rows.source().sha256;
    report.test = predictor.evaluate(rows);
  }
  if (arguments.importance) report.importance = rg::train::permutation_importance(predictor, rows);
  return report;
}

void evaluate(const Arguments& arguments, const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  Report report = rg::train::TextModel::is_one(arguments.run) ? evaluate_text(arguments, common)
                                                              : evaluate_rows(arguments, common);
  report.total_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (common.json) {
    print_json(json_of(report));
  } else {
    print(parts_text(report) + importance_text(report));
  }
}

}  // namespace

void add_eval(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Evaluates a trained network.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->required()->type_name("");
  app.add_option("DATA", arguments->positional_data, "The same as --data")->type_name("");
  app.add_option("--data", arguments->data,
                 "Rows with their targets, all of them the test part: a CSV file, a folder with a folder of "
                 "pictures for "
                 "each class, or a folder of IDX images, whose t10k is taken (the parts of the training)")
      ->type_name("PATH");
  app.add_flag("--importance", arguments->importance,
               "How much each column of a table matters: the loss of score where its values are shuffled "
               "among the rows that were held out");
  app.add_flag("--strict-data", arguments->strict,
               "A picture that cannot be read is an error, not left out; for folders of pictures");
  app.callback([arguments, &common] { common.run = [arguments, &common] { evaluate(*arguments, common); }; });
}

}  // namespace cli
