// retrograd explain: one step of backpropagation written out.
#include <fmt/format.h>
#include <retrograd/explain.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "cli/rows.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd explain
  retrograd explain runs/digits-1 --row 7
  retrograd explain runs/digits-1 --row 7 --data new.csv --units 3 --json)TEXT";

struct Arguments {
  std::string run;
  std::string data;
  std::vector<std::int64_t> rows;
  double learning_rate = 0.5;
  std::int64_t units = 8;
  std::int64_t inputs = 8;
};

rg::explain::Record explain_run(const Arguments& arguments) {
  const rg::train::Predictor predictor = predictor_for(
      arguments.run,
      "its layers are shown by retrograd summary, and explain writes out networks of tables and images");
  const rg::data::Dataset rows = rows_for(predictor, arguments.run, arguments.data);
  std::vector<std::int64_t> numbers;
  for (const std::int64_t row : arguments.rows.empty() ? std::vector<std::int64_t>{1} : arguments.rows) {
    if (row < 1 || row > rows.rows()) {
      throw UsageError(fmt::format("--row: {} is out of range; {} has the rows 1 to {}", row,
                                   rows.source().name, rows.rows()));
    }
    numbers.push_back(row - 1);
  }
  const Samples samples = samples_of(rows, numbers);
  rg::explain::Options options{.learning_rate = arguments.learning_rate,
                               .max_units = arguments.units,
                               .max_inputs = arguments.inputs,
                               .max_samples = 0};
  for (const std::int64_t number : numbers) options.rows.push_back(number + 1);
  const rg::data::Encoder& encoder = predictor.encoder();
  if (!encoder.takes_images()) options.input_names = encoder.input_names();
  options.output_names = encoder.classes();
  if (encoder.task() == rg::data::Task::reconstruction) options.output_names = options.input_names;
  if (encoder.task() == rg::data::Task::regression) {
    for (const auto& target : encoder.targets()) options.output_names.push_back(target.name);
  }
  return rg::explain::explain_step(predictor.model(), samples.x, samples.t, loss_of(predictor), options);
}

void explain(const Arguments& arguments, const Common& common) {
  if (arguments.run.empty() && (!arguments.rows.empty() || !arguments.data.empty())) {
    throw UsageError("explain: --row and --data belong to a run; name it");
  }
  const rg::explain::Record record =
      arguments.run.empty() ? rg::explain::mazur_example() : explain_run(arguments);
  print(common.json ? rg::explain::to_json(record) : rg::explain::to_text(record));
}

}  // namespace

void add_explain(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Writes out one step of backpropagation with its numbers: every z, y and dE/dw with its factors, the "
      "update, central differences. Without a run: Mazur's example.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->type_name("");
  app.add_option("--row", arguments->rows,
                 "Row of the data, from 1; several with commas between are a batch (1)")
      ->delimiter(',')
      ->type_name("K");
  app.add_option("--data", arguments->data,
                 "A CSV file, or a folder of images, of IDX files t10k (the data of the run)")
      ->type_name("PATH");
  app.add_option("--lr", arguments->learning_rate,
                 "Learning rate of the step, which is plain gradient descent (0.5)")
      ->type_name("NUMBER");
  app.add_option("--units", arguments->units,
                 "Units of a layer written out, those with the largest dE/dz; 0: all (8)")
      ->type_name("N");
  app.add_option("--inputs", arguments->inputs, "Inputs of a unit written out, the largest ones; 0: all (8)")
      ->type_name("N");
  app.callback([arguments, &common] { common.run = [arguments, &common] { explain(*arguments, common); }; });
}

}  // namespace cli
