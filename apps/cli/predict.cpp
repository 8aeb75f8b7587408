// retrograd predict: the answers of a trained network to new rows.
#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/images.h>
#include <retrograd/io.h>
#include <retrograd/metrics.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/given_back.h"
#include "cli/rows.h"
#include "cli/source.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd predict runs/digits-1 --data new.csv > answers.csv
  retrograd predict runs/digits-1 --data new.csv -o answers.csv
  retrograd predict runs/digits-1 --data new.csv --json)TEXT";

struct Arguments {
  std::string run;
  std::string data;
  std::string positional_data;
  std::string out;
  bool pixels = false;
};

rg::data::Dataset load_inputs(const std::string& path, const rg::data::Encoder& encoder) {
  std::error_code error;
  if (path != "-" && !std::filesystem::exists(path, error)) {
    throw rg::Error(rg::ErrorKind::data, fmt::format("{}: no such file", path));
  }
  if (!encoder.takes_images()) return rg::data::load_csv(path, encoder, rg::data::Targets::ignored);
  const bool folder = std::filesystem::is_directory(path, error);
  if (folder ? rg::data::is_image_folder(path) : rg::data::is_picture(path)) {
    return rg::data::load_images(path, encoder, rg::data::Targets::ignored);
  }
  return folder ? rg::data::load_idx(path).test : rg::data::load_idx_images(path);
}

// The shortest text that reads back as the same f32: the network computes no more digits.
std::string number(double value) { return fmt::format("{}", static_cast<float>(value)); }

std::string classes_csv(const std::vector<std::string>& classes, const std::vector<double>& probabilities) {
  std::string text = "prediction";
  for (const std::string& name : classes) text += "," + rg::data::csv_field("p_" + name);
  text += "\n";
  const auto best = rg::train::most_probable(probabilities, static_cast<std::int64_t>(classes.size()));
  for (std::size_t row = 0; row < best.size(); ++row) {
    text += rg::data::csv_field(classes[static_cast<std::size_t>(best[row])]);
    for (std::size_t k = 0; k < classes.size(); ++k)
      text += "," + number(probabilities[row * classes.size() + k]);
    text += "\n";
  }
  return text;
}

// The labels of row `row` with bars between, "" for none.
std::string joined(const std::vector<std::string>& labels, const std::vector<std::uint8_t>& has,
                   std::size_t row) {
  std::string text;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    if (has[row * labels.size() + j] != 0) text += (text.empty() ? "" : "|") + labels[j];
  }
  return text;
}

std::string labels_csv(const std::vector<std::string>& labels, const std::vector<double>& probabilities) {
  std::string text = "prediction";
  for (const std::string& name : labels) text += "," + rg::data::csv_field("p_" + name);
  text += "\n";
  const std::vector<std::uint8_t> has = rg::train::probable_labels(probabilities);
  for (std::size_t row = 0; row < probabilities.size() / labels.size(); ++row) {
    text += rg::data::csv_field(joined(labels, has, row));
    for (std::size_t j = 0; j < labels.size(); ++j)
      text += "," + number(probabilities[row * labels.size() + j]);
    text += "\n";
  }
  return text;
}

std::string numbers_csv(const std::vector<rg::data::Encoder::TargetColumn>& targets,
                        const std::vector<double>& values) {
  std::string text;
  if (targets.size() == 1) {
    text = "prediction";
  } else {
    for (const auto& target : targets) {
      text += (text.empty() ? "" : ",") + rg::data::csv_field("prediction_" + target.name);
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    text += (i % targets.size() == 0 ? "\n" : ",") + number(values[i]);
  return text + "\n";
}

nlohmann::ordered_json classes_json(const std::vector<std::string>& classes,
                                    const std::vector<double>& probabilities) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  const auto best = rg::train::most_probable(probabilities, static_cast<std::int64_t>(classes.size()));
  for (std::size_t row = 0; row < best.size(); ++row) {
    nlohmann::ordered_json shares;
    for (std::size_t k = 0; k < classes.size(); ++k)
      shares[classes[k]] = probabilities[row * classes.size() + k];
    rows.push_back({{"prediction", classes[static_cast<std::size_t>(best[row])]}, {"probabilities", shares}});
  }
  return rows;
}

nlohmann::ordered_json labels_json(const std::vector<std::string>& labels,
                                   const std::vector<double>& probabilities) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  const std::vector<std::uint8_t> has = rg::train::probable_labels(probabilities);
  for (std::size_t row = 0; row < probabilities.size() / labels.size(); ++row) {
    nlohmann::ordered_json shares;
    for (std::size_t j = 0; j < labels.size(); ++j)
      shares[labels[j]] = probabilities[row * labels.size() + j];
    rows.push_back({{"prediction", joined(labels, has, row)}, {"probabilities", shares}});
  }
  return rows;
}

nlohmann::ordered_json numbers_json(std::size_t width, const std::vector<double>& values) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (std::size_t at = 0; at < values.size(); at += width) {
    nlohmann::ordered_json prediction = values[at];
    if (width > 1) {
      prediction = std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(at),
                                       values.begin() + static_cast<std::ptrdiff_t>(at + width));
    }
    rows.push_back({{"prediction", prediction}, {"probabilities", nullptr}});
  }
  return rows;
}

nlohmann::ordered_json json_of(const rg::data::Encoder& encoder, const std::vector<double>& answers) {
  switch (encoder.task()) {
    case rg::data::Task::classification:
      return classes_json(encoder.classes(), answers);
    case rg::data::Task::multi_label:
      return labels_json(encoder.classes(), answers);
    case rg::data::Task::regression:
    case rg::data::Task::reconstruction:  // given_back.h
      break;
  }
  return numbers_json(encoder.targets().size(), answers);
}

std::string csv_of(const rg::data::Encoder& encoder, const std::vector<double>& answers) {
  switch (encoder.task()) {
    case rg::data::Task::classification:
      return classes_csv(encoder.classes(), answers);
    case rg::data::Task::multi_label:
      return labels_csv(encoder.classes(), answers);
    case rg::data::Task::regression:
    case rg::data::Task::reconstruction:
      break;
  }
  return numbers_csv(encoder.targets(), answers);
}

std::string answers_of(rg::train::Predictor& predictor, const rg::data::Dataset& rows, bool pixels,
                       bool json) {
  const rg::data::Encoder& encoder = predictor.encoder();
  if (encoder.task() == rg::data::Task::reconstruction) {
    return json ? given_back_json(predictor, rows, pixels) : given_back_csv(predictor, rows, pixels);
  }
  const std::vector<double> answers = predictor.predict(rows);
  if (!json) return csv_of(encoder, answers);
  return json_of(encoder, answers).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void predict(const Arguments& arguments, const Common& common) {
  const std::string& data = arguments.data.empty() ? arguments.positional_data : arguments.data;
  if (data.empty()) throw UsageError("predict: which rows? Name them by --data FILE");
  rg::train::Predictor predictor = predictor_for(
      arguments.run,
      fmt::format("let it write: retrograd sample {0} --prompt TEXT, or measure how well it knows a "
                  "text: retrograd eval {0} --data FILE",
                  arguments.run));
  const rg::data::Encoder& encoder = predictor.encoder();
  if (arguments.pixels && (!encoder.takes_images() || encoder.task() != rg::data::Task::reconstruction)) {
    throw UsageError(fmt::format("--pixels: is for images that are given back; {} is a model of {}{}",
                                 arguments.run, rg::data::name(encoder.task()),
                                 encoder.takes_images() ? "" : " of a table"));
  }
  const rg::data::Dataset rows = load_inputs(data, encoder);
  for (const std::string& line : rows.source().notices) notice(common, line);
  const std::string text = answers_of(predictor, rows, arguments.pixels, common.json);
  if (arguments.out.empty()) {
    print(text);
  } else {
    rg::io::write_file_atomically(arguments.out, text);
    notice(common, fmt::format("{} predictions are in {}", rows.rows(), arguments.out));
  }
}

}  // namespace

void add_predict(CLI::App& app, Common& common) {
  auto arguments = std::make_shared<Arguments>();
  app.description(
      "Predicts the target of new rows. The target column may be absent. Of reconstruction: the error of "
      "each "
      "row, large where it is unlike those of the training, and the row as it is given back.");
  app.footer(examples);
  app.add_option("RUN", arguments->run, "The folder of a run, or a model file")->required()->type_name("");
  app.add_option("DATA", arguments->positional_data, "The same as --data")->type_name("");
  app.add_option(
         "--data", arguments->data,
         "The rows: a CSV file (- for the standard input); a PNG or JPEG file, or a folder of them; a file "
         "of IDX images, or a folder of them, whose t10k is taken")
      ->type_name("PATH");
  app.add_option("-o,--output", arguments->out, "The file for the answers (stdout)")->type_name("FILE");
  app.add_flag("--pixels", arguments->pixels,
               "The pixels of images that are given back, 0 to 1, behind the error of each");
  app.callback([arguments, &common] { common.run = [arguments, &common] { predict(*arguments, common); }; });
}

}  // namespace cli
