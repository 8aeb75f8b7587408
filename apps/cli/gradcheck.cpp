// retrograd gradcheck: the gradients of a network beside central differences.
#include <fmt/format.h>
#include <retrograd/explain.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "cli/rows.h"
#include "cli/settings.h"
#include "cli/source.h"
#include "cli/training.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd gradcheck runs/digits-1
  retrograd gradcheck --model "linear(30), tanh, linear(10)" --data digits.csv --json)TEXT";

struct Arguments {
  std::string run;
  std::string data;
  Settings settings;  // model, target, loss, seed
  std::int64_t rows = 8;
  std::int64_t elements = 200;
};

Samples first_rows(const rg::data::Dataset& rows, std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(std::min(count, rows.rows())));
  std::iota(numbers.begin(), numbers.end(), 0);
  return samples_of(rows, numbers);
}

rg::GradientCheck check_run(const Arguments& arguments, const rg::GradientCheckOptions& options) {
  const rg::train::Predictor predictor = predictor_for(
      arguments.run,
      "check a fresh one of its kind: retrograd gradcheck --model \"gru-lm(8)\" --data FILE.txt");
  const rg::data::Dataset rows = rows_for(predictor, arguments.run, arguments.data);
  const Samples samples = first_rows(rows, arguments.rows);
  const std::string loss = arguments.settings.loss.value_or(loss_of(predictor));
  return rg::explain::check_model(predictor.model(), samples.x, samples.t, loss, options);
}

rg::GradientCheck check_new(const Arguments& arguments, const rg::GradientCheckOptions& options) {
  if (arguments.data.empty() || !arguments.settings.model) {
    throw UsageError("gradcheck: name a run, or a network by --model and rows by --data");
  }
  const rg::data::Parts parts = load(find_source(arguments.data, ""), arguments.settings);
  const rg::nn::Sequential model = make_model(arguments.settings, parts.train);
  const Samples samples = first_rows(parts.train, arguments.rows);
  const std::string loss =
      rg::train::completed(make_options(arguments.settings, parts.train, false), parts).loss;
  return rg::explain::check_model(model, samples.x, samples.t, loss, options);
}

std::string text_of(const rg::GradientCheck& check) {
  std::string text = fmt::format(
      "{}: {} gradients beside central differences in float64\n"
      "largest relative error {:.2g} (tolerance {:.0e})\n"
      "at {}[{}]: gradient {:.9g}, difference {:.9g}\n",
      check.passed ? "passed" : "FAILED", check.checked, check.max_relative_error, check.tolerance,
      check.worst.variable, fmt::join(check.worst.index, ", "), check.worst.analytic, check.worst.numeric);
  if (check.kinks > 0) {
    text += fmt::format("{} more are at a kink (relu at 0), where there is no one slope\n", check.kinks);
  }
  return text;
}

void gradcheck(const Arguments& arguments, Common& common) {
  if (!arguments.run.empty() && arguments.settings.model) {
    throw UsageError("gradcheck: give a run or --model, not both");
  }
  if (arguments.rows < 1) throw UsageError("--rows: expected at least 1");
  if (arguments.elements < 0) throw UsageError("--elements: expected 0 or more");
  const rg::GradientCheckOptions options{.max_elements = arguments.elements,
                                         .seed = arguments.settings.seed.value_or(1)};
  const rg::GradientCheck check =
      arguments.run.empty() ? check_new(arguments, options) : check_run(arguments, options);
  if (common.json) {
    nlohmann::ordered_json json;
    json["checked"] = check.checked;
    json["max_relative_error"] = nullptr;  // of a NaN or an infinity
    if (std::isfinite(check.max_relative_error)) json["max_relative_error"] = check.max_relative_error;
    json["passed"] = check.passed;
    print_json(json);
  } else {
    print(text_of(check));
  }
  if (!check.passed) common.outcome = exit_code::failed;
}

}  // namespace

void add_gradcheck(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Compares the gradients of a network's loss with central differences, in float64. Exit code 1 where "
      "one "
      "is wrong.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->type_name("");
  app.add_option("--model", arguments->settings.model, "A network as text, with fresh values")
      ->type_name("TEXT");
  app.add_option("--data", arguments->data,
                 "A CSV file, a text (.txt, with --model), or a folder of images (the data of the run)")
      ->type_name("PATH");
  app.add_option("--target", arguments->settings.target, "The target column, with --model (the last one)")
      ->type_name("TEXT");
  app.add_option("--task", arguments->settings.task, "As in train, with --model (by the target column)")
      ->type_name("TEXT");
  app.add_option("--window", arguments->settings.window,
                 "Rows of a sample of a time series, with --model (none)")
      ->type_name("ROWS");
  app.add_option("--horizon", arguments->settings.horizon,
                 "Rows from the last one of the window to the target's, with --window (1)")
      ->type_name("ROWS");
  app.add_option("--context", arguments->settings.context,
                 "Characters of a window of text, with --model (64)")
      ->type_name("N");
  app.add_option("--loss", arguments->settings.loss, "The loss (the run's; with --model as in train)")
      ->type_name("NAME");
  app.add_option("--rows", arguments->rows, "How many rows, the first ones (8)")->type_name("N");
  app.add_option("--elements", arguments->elements,
                 "Elements of each parameter that are checked, drawn by --seed; 0: all (200)")
      ->type_name("N");
  app.add_option("--seed", arguments->settings.seed, "Of fresh values and of the elements (1)")
      ->type_name("N");
  app.callback(
      [arguments, &common] { common.run = [arguments, &common] { gradcheck(*arguments, common); }; });
}

}  // namespace cli
