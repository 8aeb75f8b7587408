// retrograd summary: the layers of a network with shapes, parameters and operations.
#include <fmt/format.h>
#include <retrograd/model_text.h>
#include <retrograd/text_model.h>
#include <retrograd/train.h>
#include <retrograd/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/letters.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/training.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd summary runs/digits-1
  retrograd summary --model "linear(30), sigmoid, linear(10)" --data digits.csv)TEXT";

struct Arguments {
  std::string run;
  std::string data;
  Settings settings;  // model and target
};

nlohmann::ordered_json json_of(const rg::Shape& shape) {
  return std::vector<std::int64_t>(shape.begin(), shape.end());
}

void show(const rg::nn::Sequential& model, const rg::Shape& input, const Common& common) {
  const std::vector<rg::nn::SummaryRow> rows = rg::nn::summary(model, input);
  std::int64_t parameters = 0, flops = 0;
  std::size_t width = 5, names = 5,
              shapes = std::max<std::size_t>(input.to_string().size(), 6);  // of the columns
  for (const rg::nn::SummaryRow& row : rows) {
    parameters += row.parameters;
    flops += row.flops;
    width = std::max(width, letters(row.text));
    names = std::max(names, letters(row.name));
    shapes = std::max(shapes, row.output_shape.to_string().size());
  }
  // The text of a layer that holds others may be long.
  const std::size_t others = names + shapes + 4 + 26;
  width = std::min({width,
                    std::max<std::size_t>(static_cast<std::size_t>(terminal_width()), others + 12) - others,
                    std::size_t{48}});
  if (common.json) {
    nlohmann::ordered_json json;
    json["version"] = rg::version();
    json["model"] = model.text();
    json["input"] = json_of(input);
    json["layers"] = nlohmann::ordered_json::array();
    for (const rg::nn::SummaryRow& row : rows) {
      json["layers"].push_back({{"name", row.name},
                                {"layer", row.text},
                                {"shape", json_of(row.output_shape)},
                                {"parameters", row.parameters},
                                {"flops", row.flops}});
    }
    json["parameters"] = parameters;
    json["flops"] = flops;
    print_json(json);
    return;
  }
  const auto line = [&](std::string_view name, std::string_view layer, const std::string& output,
                        const std::string& count, const std::string& operations) {
    return fmt::format("{}  {}  {:<{}}{:>12}{:>14}\n", padded(name, names),
                       padded(shortened(layer, width), width), output, shapes, count, operations);
  };
  std::string text = line("name", "layer", "output", "parameters", "FLOPs");
  text += line("input", "", input.to_string(), "", "");
  for (const rg::nn::SummaryRow& row : rows) {
    text += line(row.name, row.text, row.output_shape.to_string(), std::to_string(row.parameters),
                 std::to_string(row.flops));
  }
  text += line("total", "", "", std::to_string(parameters), std::to_string(flops));
  print(text + "FLOPs: of one row, forward\n");
}

void summarise(const Arguments& arguments, const Common& common) {
  if (!arguments.run.empty() && arguments.settings.model) {
    throw UsageError("summary: give a run or --model, not both");
  }
  if (!arguments.run.empty() && rg::train::TextModel::is_one(arguments.run)) {
    const rg::train::TextModel model(arguments.run);
    show(model.model(), rg::Shape{model.context()}, common);
    return;
  }
  if (!arguments.run.empty()) {
    const rg::train::Predictor predictor(arguments.run);
    show(predictor.model(), predictor.encoder().input_shape(), common);
    return;
  }
  if (arguments.data.empty()) {
    throw UsageError("summary: name a run, or data by --data (and a network by --model)");
  }
  const bool mnist = arguments.data == "mnist";
  const Source source = mnist ? find_source("mnist", "") : find_source(arguments.data, "");
  const rg::data::Parts parts = load(source, arguments.settings);
  show(make_model(arguments.settings, parts.train), parts.train.input_shape(), common);
}

}  // namespace

void add_summary(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description("Shows the layers of a network: shapes, parameters, operations.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->type_name("");
  app.add_option("--model", arguments->settings.model, "A network as text; its input is the data's")
      ->type_name("TEXT");
  app.add_option("--data", arguments->data, "A CSV file, a folder of images, or mnist")->type_name("PATH");
  app.add_option("--target", arguments->settings.target,
                 "The target column, which is no input (the last one)")
      ->type_name("TEXT");
  app.add_option("--task", arguments->settings.task, "As in train, with --data (by the target column)")
      ->type_name("TEXT");
  app.add_option("--window", arguments->settings.window,
                 "Rows of a sample of a time series, with --data (none)")
      ->type_name("ROWS");
  app.add_option("--horizon", arguments->settings.horizon,
                 "Rows from the last one of the window to the target's, with --window (1)")
      ->type_name("ROWS");
  app.callback(
      [arguments, &common] { common.run = [arguments, &common] { summarise(*arguments, common); }; });
}

}  // namespace cli
