// The results of training and evaluation.
#include "cli/report.h"

#include <fmt/format.h>
#include <retrograd/version.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/letters.h"
#include "cli/terminal.h"

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

// A row for each class, of how often each class was predicted for it.
ordered_json confusion(const Figures& figures) {
  ordered_json rows = ordered_json::array();
  std::size_t classes = 0;
  while (classes * classes < figures.confusion.size()) ++classes;
  for (std::size_t k = 0; k < classes; ++k) {
    const auto first = figures.confusion.begin() + static_cast<std::ptrdiff_t>(k * classes);
    rows.push_back(std::vector<std::int64_t>(first, first + static_cast<std::ptrdiff_t>(classes)));
  }
  return rows;
}

ordered_json reliability(const Figures& figures) {
  ordered_json bins = ordered_json::array();
  for (const auto& bin : figures.reliability) {
    bins.push_back({{"rows", bin.rows}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  }
  return bins;
}

ordered_json targets(const Figures& figures) {
  ordered_json all = ordered_json::array();
  for (const auto& one : figures.targets) {
    all.push_back(
        {{"name", one.name}, {"r2", number(one.r2)}, {"mae", number(one.mae)}, {"rmse", number(one.rmse)}});
  }
  return all;
}

ordered_json labels(const Figures& figures) {
  ordered_json all = ordered_json::array();
  for (const auto& one : figures.labels) {
    all.push_back({{"name", one.name},
                   {"rows", one.rows},
                   {"predicted", one.predicted},
                   {"precision", number(one.precision)},
                   {"recall", number(one.recall)},
                   {"f1", number(one.f1)},
                   {"auc", number(one.auc)}});
  }
  return all;
}

void put_labels(const Figures& figures, ordered_json& json) {
  json["accuracy"] = number(figures.accuracy);
  json["subset_accuracy"] = number(figures.subset_accuracy);
  json["f1"] = number(figures.f1);
  json["micro_f1"] = number(figures.micro_f1);
  json["auc"] = number(figures.auc);
  json["precision"] = number(figures.precision);
  json["recall"] = number(figures.recall);
  json["log_loss"] = number(figures.log_loss);
  json["baseline"] = {{"accuracy", number(figures.baseline_accuracy)},
                      {"subset_accuracy", number(figures.baseline_subset_accuracy)}};
  json["labels"] = labels(figures);
}

ordered_json json_of(const std::optional<Figures>& figures, Task task) {
  if (!figures) return {};
  ordered_json json;
  json["rows"] = figures->rows;
  json["loss"] = number(figures->loss);
  if (std::isfinite(figures->nats_per_character)) {
    json["nats_per_character"] = figures->nats_per_character;
    json["accuracy"] = number(figures->accuracy);
  } else if (task == Task::multi_label) {
    put_labels(*figures, json);
  } else if (task == Task::classification) {
    json["accuracy"] = number(figures->accuracy);
    json["f1"] = number(figures->f1);
    json["auc"] = number(figures->auc);
    json["precision"] = number(figures->precision);
    json["recall"] = number(figures->recall);
    json["log_loss"] = number(figures->log_loss);
    if (std::isfinite(figures->top5)) json["top5"] = figures->top5;
    json["calibration_error"] = number(figures->calibration_error);
    json["baseline"] = {{"accuracy", number(figures->baseline_accuracy)}};
    json["confusion"] = confusion(*figures);
    json["reliability"] = reliability(*figures);
  } else {
    json["r2"] = number(figures->r2);
    json["mae"] = number(figures->mae);
    json["rmse"] = number(figures->rmse);
    if (task == Task::regression) json["mape"] = number(figures->mape);
    json["baseline"] = {{"mae", number(figures->baseline_mae)}, {"rmse", number(figures->baseline_rmse)}};
    if (!figures->targets.empty()) json["targets"] = targets(*figures);
  }
  return json;
}

std::string name_cell(const std::string& text, std::size_t width) {
  return padded(shortened_middle(text, width - 2), width);
}

std::string cell(double value, const char* format) {
  return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : std::string("-");
}

std::string cell(double value, int digits) {
  return std::isfinite(value) ? significant(value, digits) : std::string("-");
}

// Four digits behind the point; far below 0 four in all, so that the column keeps its width.
std::string r2_cell(double r2) { return r2 > -10 ? cell(r2, "{:.4f}") : cell(r2, 4); }

// Above line().
std::string heading(Task task) {
  switch (task) {
    case Task::multi_label:
      return fmt::format("{:<11}{:>8}{:>11}{:>11}{:>11}{:>8}{:>8}{:>12}\n", "", "rows", "loss", "accuracy",
                         "all right", "F1", "AUC", "majority");
    case Task::classification:
      return fmt::format("{:<12}{:>8}{:>12}{:>12}{:>9}{:>9}{:>12}\n", "", "rows", "loss", "accuracy", "F1",
                         "AUC", "majority");
    case Task::regression:
    case Task::reconstruction:
      break;
  }
  return fmt::format("{:<11}{:>8}{:>12}{:>9}{:>11}{:>12}{:>13}\n", "", "rows", "loss", "R2", "mean error",
                     "RMSE", "RMSE of mean");
}

std::string line(const char* part, const Figures& f, Task task) {
  if (task == Task::multi_label) {
    return fmt::format("{:<11}{:>8}{:>11}{:>11}{:>11}{:>8}{:>8}{:>12}\n", part, f.rows, cell(f.loss, 4),
                       cell(f.accuracy * 100, "{:.2f} %"), cell(f.subset_accuracy * 100, "{:.2f} %"),
                       cell(f.f1, "{:.4f}"), cell(f.auc, "{:.4f}"),
                       cell(f.baseline_accuracy * 100, "{:.2f} %"));
  }
  if (task == Task::classification) {
    return fmt::format("{:<12}{:>8}{:>12}{:>12}{:>9}{:>9}{:>12}\n", part, f.rows, cell(f.loss, 4),
                       cell(f.accuracy * 100, "{:.2f} %"), cell(f.f1, "{:.4f}"), cell(f.auc, "{:.4f}"),
                       cell(f.baseline_accuracy * 100, "{:.2f} %"));
  }
  return fmt::format("{:<11}{:>8}{:>12}{:>9}{:>11}{:>12}{:>13}\n", part, f.rows, cell(f.loss, 4),
                     r2_cell(f.r2), cell(f.mae, 5), cell(f.rmse, 5), cell(f.baseline_rmse, 5));
}

// A line for each of several targets.
std::string targets_text(const char* part, const Figures& f) {
  if (f.targets.empty()) return "";
  std::string text = fmt::format("\n{:<32}{:>9}{:>12}{:>12}\n", fmt::format("{}, by target", part), "R2",
                                 "mean error", "RMSE");
  for (const auto& one : f.targets) {
    text += fmt::format("{}{:>9}{:>12}{:>12}\n", name_cell(one.name, 32), r2_cell(one.r2), cell(one.mae, 5),
                        cell(one.rmse, 5));
  }
  return text;
}

// A line for each of several labels, of many for those with the least F1.
std::string labels_text(const char* part, const Figures& f) {
  constexpr std::size_t most = 20;
  if (f.labels.empty()) return "";
  std::vector<retrograd::train::LabelFigures> shown = f.labels;
  if (shown.size() > most) {
    std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.f1 < b.f1; });
    shown.resize(most);
  }
  const std::string title = shown.size() < f.labels.size() ? fmt::format("{}, the {} of least F1", part, most)
                                                           : fmt::format("{}, by label", part);
  std::string text = fmt::format("\n{:<26}{:>8}{:>11}{:>11}{:>8}{:>8}{:>8}\n", title, "rows", "predicted",
                                 "precision", "recall", "F1", "AUC");
  for (const auto& one : shown) {
    text += fmt::format("{}{:>8}{:>11}{:>11.4f}{:>8.4f}{:>8.4f}{:>8}\n", name_cell(one.name, 26), one.rows,
                        one.predicted, one.precision, one.recall, one.f1, cell(one.auc, "{:.4f}"));
  }
  return text;
}

// The figures that have no column.
std::string details(const char* part, const Figures& f, Task task) {
  if (std::isfinite(f.nats_per_character)) {
    return fmt::format("{}: {:.4f} nats per character\n", part, f.nats_per_character);
  }
  if (task == Task::multi_label) {
    return fmt::format("{0}: F1 of all labels together {1}\n{0}: precision {2}, recall {3}, log loss {4}\n",
                       part, cell(f.micro_f1, "{:.4f}"), cell(f.precision, "{:.4f}"),
                       cell(f.recall, "{:.4f}"), cell(f.log_loss, 4));
  }
  if (task != Task::classification) {
    return std::isfinite(f.mape) ? fmt::format("{}: mean error {:.3g} % of the target\n", part, f.mape * 100)
                                 : "";
  }
  return fmt::format("{0}: precision {1}, recall {2}, log loss {3}\n{0}: calibration error {4}{5}\n", part,
                     cell(f.precision, "{:.4f}"), cell(f.recall, "{:.4f}"), cell(f.log_loss, 4),
                     cell(f.calibration_error, "{:.4f}"),
                     std::isfinite(f.top5) ? fmt::format(", top-5 {:.2f} %", f.top5 * 100) : "");
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
  if (report.importance) json["importance"] = json_of(*report.importance);
  json["seconds"] = {{"training", known(report.training_seconds)}, {"total", report.total_seconds}};
  return json;
}

ordered_json json_of(const retrograd::train::Importance& importance) {
  ordered_json columns = ordered_json::array();
  for (const auto& column : importance.columns) {
    columns.push_back({{"column", column.name}, {"mean", column.mean}, {"deviation", column.deviation}});
  }
  return {{"score", importance.score},
          {"baseline", number(importance.baseline)},
          {"rows", importance.rows},
          {"repeats", importance.repeats},
          {"columns", columns}};
}

std::string importance_text(const Report& report) {
  if (!report.importance) return "";
  const retrograd::train::Importance& importance = *report.importance;
  constexpr std::size_t most = 20;
  const std::size_t shown = std::min(most, importance.columns.size());
  std::size_t names = 28;
  for (std::size_t i = 0; i < shown; ++i) names = std::max(names, letters(importance.columns[i].name) + 2);
  names = std::min(names, static_cast<std::size_t>(std::max(terminal_width(), 52)) - 24);
  std::string text = fmt::format("\n{}{:>12}{:>12}\n", padded("importance", names),
                                 fmt::format("{} lost", importance.score), "deviation");
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& column = importance.columns[i];
    text +=
        fmt::format("{}{:>12.4f}{:>12.4f}\n", name_cell(column.name, names), column.mean, column.deviation);
  }
  if (importance.columns.size() > most)
    text += fmt::format("and {} more\n", importance.columns.size() - most);
  return text;
}

std::string parts_text(const Report& report) {
  std::string text = heading(report.task);
  if (report.train) text += line("training", *report.train, report.task);
  if (report.validation) text += line("validation", *report.validation, report.task);
  if (report.test) text += line("test", *report.test, report.task);
  if (report.test) text += details("test", *report.test, report.task);
  if (report.best_test) {
    text += line("best test", *report.best_test, report.task);
    text += fmt::format("best test: of epoch {}, chosen by the test part itself\n", report.best_test_epoch);
  }
  const auto add_parts_of = [&](const char* part, const Figures& figures) {
    text += targets_text(part, figures) + labels_text(part, figures);
  };
  if (report.test) {
    add_parts_of("test", *report.test);
  } else if (report.validation) {
    add_parts_of("validation", *report.validation);
  } else if (report.train) {
    add_parts_of("training", *report.train);
  }
  return text;
}

}  // namespace cli
