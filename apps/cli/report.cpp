// The results of training and evaluation.
#include "cli/report.h"

#include <fmt/format.h>
#include <retrograd/version.h>

#include <cmath>

namespace cli {
namespace {

using nlohmann::ordered_json;
using retrograd::data::Task;
using retrograd::train::Figures;

// JSON has no NaN.
ordered_json number(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

template <typename T>
ordered_json known(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json();
}

ordered_json json_of(const std::optional<Figures>& figures, Task task) {
  if (!figures) return {};
  ordered_json json;
  json["rows"] = figures->rows;
  json["loss"] = number(figures->loss);
  if (task == Task::classification) {
    json["accuracy"] = number(figures->accuracy);
    json["f1"] = number(figures->f1);
    json["auc"] = number(figures->auc);
  } else {
    json["r2"] = number(figures->r2);
    json["mae"] = number(figures->mae);
    json["rmse"] = number(figures->rmse);
  }
  return json;
}

std::string cell(double value, const char* format) {
  return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : std::string("-");
}

std::string line(const char* part, const Figures& f, Task task) {
  if (task == Task::classification) {
    return fmt::format("{:<12}{:>8}{:>12}{:>12}{:>9}{:>9}\n", part, f.rows, cell(f.loss, "{:.4g}"),
                       cell(f.accuracy * 100, "{:.2f} %"), cell(f.f1, "{:.4f}"), cell(f.auc, "{:.4f}"));
  }
  return fmt::format("{:<12}{:>8}{:>12}{:>9}{:>13}{:>13}\n", part, f.rows, cell(f.loss, "{:.4g}"),
                     cell(f.r2, "{:.4f}"), cell(f.mae, "{:.5g}"), cell(f.rmse, "{:.5g}"));
}

}  // namespace

ordered_json json_of(const Report& report) {
  ordered_json json;
  json["version"] = retrograd::version();
  json["run"] = report.run;
  json["data"] = {{"rows", report.rows}, {"sha256", report.sha256}};
  json["seed"] = known(report.seed);
  json["threads"] = report.threads;
  json["parameters"] = report.parameters;
  json["epochs"] = known(report.epochs);
  json["best_epoch"] = known(report.best_epoch);
  json["stopped"] = report.stopped.empty() ? ordered_json() : ordered_json(report.stopped);
  json["train"] = json_of(report.train, report.task);
  json["validation"] = json_of(report.validation, report.task);
  json["test"] = json_of(report.test, report.task);
  if (report.best_test) {
    json["best_test"] = json_of(report.best_test, report.task);
    json["best_test"]["epoch"] = report.best_test_epoch;
  }
  json["seconds"] = {{"training", known(report.training_seconds)}, {"total", report.total_seconds}};
  return json;
}

std::string parts_text(const Report& report) {
  const bool classes = report.task == Task::classification;
  std::string text = classes ? fmt::format("{:<12}{:>8}{:>12}{:>12}{:>9}{:>9}\n", "", "rows", "loss",
                                           "accuracy", "F1", "AUC")
                             : fmt::format("{:<12}{:>8}{:>12}{:>9}{:>13}{:>13}\n", "", "rows", "loss", "R2",
                                           "mean error", "RMSE");
  if (report.train) text += line("training", *report.train, report.task);
  if (report.validation) text += line("validation", *report.validation, report.task);
  if (report.test) text += line("test", *report.test, report.task);
  if (report.best_test) {
    text += line("best test", *report.best_test, report.task);
    text += fmt::format("best test: of epoch {}, chosen by the test part itself\n", report.best_test_epoch);
  }
  return text;
}

}  // namespace cli
