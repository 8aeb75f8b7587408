// Cross-validation.
#include "cli/cross_validation.h"

#include <fmt/format.h>
#include <retrograd/version.h>

#include <chrono>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

namespace rg = retrograd;

using nlohmann::ordered_json;

// The figure that a table shows first.
const char* main_figure(const Report& report) {
  return rg::data::gives_numbers(report.task) ? "r2" : "accuracy";
}

std::string cell(const ordered_json& part, const std::string& figure) {
  return part.contains(figure) && part[figure].is_number()
             ? fmt::format("{:>14.4f}", part[figure].get<double>())
             : fmt::format("{:>14}", "-");
}

std::string text_of(const std::vector<Report>& reports, const std::string& folder) {
  const std::string figure = main_figure(reports.front());
  const std::vector<std::string> figures = figure == "r2"
                                               ? std::vector<std::string>{"loss", "r2", "mae", "rmse"}
                                               : std::vector<std::string>{"loss", "accuracy", "f1", "auc"};
  std::string text = fmt::format("{:<12}{:>8}", "test of", "rows");
  for (const std::string& name : figures) text += fmt::format("{:>14}", name);
  text += "\n";
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const ordered_json part = json_of(reports[i])["test"];
    text += fmt::format("{:<12}{:>8}", fmt::format("fold {}", i + 1), part["rows"].get<std::int64_t>());
    for (const std::string& name : figures) text += cell(part, name);
    text += "\n";
  }
  const auto line = [&](const char* what, const ordered_json& json) {
    text += fmt::format("{:<20}", what);
    for (const std::string& name : figures) text += cell(json["test"], name);
    text += "\n";
  };
  line("mean", means_of(reports));
  line("deviation", deviations_of(reports));
  return text + fmt::format("\nThe runs are in {}\n", folder);
}

}  // namespace

void cross_validate(const Settings& settings, const Source& source, const Several& several,
                    const Common& common) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t folds = *settings.cv;
  if (folds < 2 || folds > 1000) {
    throw UsageError(fmt::format("--cv: {} is out of range; expected 2 to 1000", folds));
  }
  if (settings.test || settings.split_file) {
    throw UsageError(
        fmt::format("{}: each fold of --cv is a test part", settings.test ? "--test" : "--split-file"));
  }
  SeveralFolder folder(several, source);
  std::vector<Report> reports;
  for (std::int64_t fold = 1; fold <= folds; ++fold) {
    Settings one = settings;
    one.cv.reset();
    one.folds = folds;
    one.fold = fold;
    notice(common, fmt::format("fold {} of {}", fold, folds));
    const auto make_run = [&] { return folder.run(fmt::format("fold-{}", fold)); };
    reports.push_back(train_once(one, source, make_run, several.resume, common).report);
    if (fold == 1) {
      Settings all = read_config(folder.get().file("fold-1/config.toml"));
      all.cv = folds;
      all.folds.reset();
      all.fold.reset();
      folder.get().write("config.toml", config_text(all));
    }
  }
  ordered_json json;
  json["version"] = rg::version();
  json["run"] = folder.get().path();
  json["folds"] = ordered_json::array();
  for (const Report& report : reports) json["folds"].push_back(json_of(report));
  json["mean"] = means_of(reports);
  json["deviation"] = deviations_of(reports);
  json["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  folder.get().write("cv.json", json.dump(2) + "\n");
  if (common.json) {
    print_json(json);
  } else {
    print(text_of(reports, folder.get().path()));
  }
}

}  // namespace cli
