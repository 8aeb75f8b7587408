// retrograd export-config: the settings of a run as a config.toml that can be edited and trained.
#include <fmt/format.h>
#include <retrograd/error.h>
#include <retrograd/io.h>
#include <retrograd/text_model.h>
#include <retrograd/train.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/settings.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
namespace rg = retrograd;

constexpr const char* examples = R"TEXT(Examples:
  retrograd export-config runs/digits-1 > mine.toml
  retrograd export-config runs/digits-1/model.safetensors > mine.toml
  retrograd train mine.toml)TEXT";

// A number of the metadata; not given where it is missing or none.
template <typename T>
std::optional<T> number_of(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  T number{};
  if (found == metadata.end()) return std::nullopt;
  const char* end = found->second.data() + found->second.size();
  if (std::from_chars(found->second.data(), end, number).ptr != end) return std::nullopt;
  return number;
}

std::optional<std::string> text_of(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::nullopt : std::optional(found->second);
}

void read_common(const std::map<std::string, std::string>& metadata, Settings& settings) {
  settings.data_sha256 = text_of(metadata, "data_sha256");
  settings.loss = text_of(metadata, "loss");
  settings.label_smoothing = number_of<double>(metadata, "label_smoothing");
  settings.class_weights = text_of(metadata, "class_weights");
  settings.epochs = number_of<std::int64_t>(metadata, "epochs");
  settings.seed = number_of<std::uint64_t>(metadata, "seed");
}

// What a model file tells; all else takes its default when it is trained.
Settings settings_of_model(const std::string& path) {
  Settings settings;
  if (rg::train::TextModel::is_one(path)) {
    const rg::train::TextModel model(path);
    read_common(model.metadata(), settings);
    settings.model = model.model().text();
    settings.context = model.context();
    settings.tokens = model.vocabulary().is_bytes() ? "bytes" : "characters";
    return settings;
  }
  const rg::train::Predictor predictor(path);
  read_common(predictor.metadata(), settings);
  settings.model = predictor.model().text();
  const bool reconstruction = predictor.encoder().task() == rg::data::Task::reconstruction;
  if (predictor.encoder().takes_images() && !reconstruction) return settings;
  settings.task = rg::data::name(predictor.encoder().task());
  if (reconstruction) return settings;
  std::string names;
  for (const auto& target : predictor.encoder().targets()) names += (names.empty() ? "" : ",") + target.name;
  settings.target = names;
  if (const rg::data::Windows& windows = predictor.encoder().windows(); windows.size > 0) {
    settings.window = windows.size;
    settings.horizon = windows.horizon;
  }
  return settings;
}

nlohmann::ordered_json json_of(const Settings& settings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  const auto put = [&](const char* key, const auto& member) {
    if (member) json[key] = *member;
  };
  put("data", settings.data);
  put("data_sha256", settings.data_sha256);
  visit_flags(settings, [&](const char* key, const auto& member, const char*) { put(key, member); });
  put("cv", settings.cv);
  put("folds", settings.folds);
  put("fold", settings.fold);
  put("ensemble", settings.ensemble);
  put("importance", settings.importance);
  put("search", settings.search);
  put("trials", settings.trials);
  put("method", settings.method);
  return json;
}

void export_config(const std::string& run, const Common& common) {
  const fs::path config = fs::path(run) / "config.toml";
  std::error_code error;
  const bool folder = fs::is_directory(run, error);
  if (folder && !fs::exists(config, error)) {
    throw UsageError(fmt::format("{}: is no folder of a run; it holds no config.toml", run));
  }
  const Settings settings = folder ? read_config(config.string()) : settings_of_model(run);
  if (common.json) {
    print_json({{"run", run}, {"settings", json_of(settings)}});
    return;
  }
  print(config_text(settings));
  if (!settings.data) notice(common, "the model file names no data: add a line data = \"file.csv\"");
}

}  // namespace

void add_export_config(CLI::App& app, Common& common) {
  auto run = std::make_shared<std::string>();
  app.description(
      "Prints the settings of a run as a config.toml with every value. Of a model file alone: those that it "
      "tells.");
  app.footer(examples);
  app.add_option("RUN", *run, "The folder of a run, or a model file")->required()->type_name("");
  app.callback([run, &common] { common.run = [run, &common] { export_config(*run, common); }; });
}

}  // namespace cli
