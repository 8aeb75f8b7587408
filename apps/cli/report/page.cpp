// The page, section by section.
#include "cli/report/page.h"

#include <fmt/format.h>
#include <retrograd/model_text.h>
#include <retrograd/version.h>

#include <algorithm>
#include <cmath>

#include "cli/report/html.h"
#include "cli/report/rows_section.h"
#include "cli/report/style.h"

namespace cli::report {
namespace {

namespace rg = retrograd;
using rg::train::Figures;

bool gives_numbers(const PageInput& input) { return rg::data::gives_numbers(input.report->task); }

std::string cell(double value, const char* format) {
  return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : std::string("–");
}
std::string percent(double share) { return cell(share * 100, "{:.2f} %"); }

std::string duration(double seconds) {
  return seconds < 1 ? fmt::format("{:.3g} ms", seconds * 1000) : fmt::format("{:.3g} s", seconds);
}

std::string section(std::string_view id, std::string_view title, const std::string& body) {
  return body.empty()
             ? ""
             : fmt::format("<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2>\n{2}</section>\n", id,
                           title, body);
}

std::string figure(std::string_view title, const std::string& svg, std::string_view caption) {
  if (svg.empty()) return "";
  return fmt::format("<figure><h3>{}</h3>\n{}{}</figure>\n", escaped(title), svg,
                     caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>", escaped(caption)));
}

std::string tile(std::string_view value, std::string_view what) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", escaped(value), escaped(what));
}

const Figures& shown_figures(const Report& report) {
  return report.test ? *report.test : report.validation ? *report.validation : *report.train;
}

std::string tiles(const PageInput& input) {
  const Report& report = *input.report;
  const Figures& figures = shown_figures(report);
  const std::string& part = input.findings->part;
  std::string text = "<div class=\"tiles\">\n";
  if (!gives_numbers(input)) {
    const bool labels = input.findings->labels.has_value();
    text +=
        tile(percent(figures.accuracy), part + (labels ? " accuracy, mean over the labels" : " accuracy"));
    if (labels) text += tile(percent(figures.subset_accuracy), part + " rows with all labels right");
    if (input.findings->baseline) {
      text +=
          tile(percent(input.findings->baseline->accuracy), "baseline: " + input.findings->baseline->what);
    }
    text += tile(cell(figures.f1, "{:.4f}"), part + " F1, mean over the " + (labels ? "labels" : "classes"));
  } else {
    text += tile(cell(figures.r2, "{:.4f}"),
                 fmt::format("{} R2 (baseline: {})", part,
                             input.findings->baseline ? cell(input.findings->baseline->r2, "{:.3f}") : "0"));
    text += tile(cell(figures.rmse, "{:.5g}"), part + " RMSE");
    if (input.findings->baseline) {
      text += tile(cell(input.findings->baseline->rmse, "{:.5g}"), "RMSE of the baseline: always the mean");
    }
  }
  text +=
      tile(fmt::format("{} of {}", report.best_epoch.value_or(0), report.epochs.value_or(0)), "epoch kept");
  text += tile(fmt::format("{}", report.parameters), "parameters");
  text += tile(duration(report.training_seconds.value_or(0)),
               fmt::format("of training, {} {}", report.threads, report.threads == 1 ? "thread" : "threads"));
  return text + "</div>\n";
}

std::string table_row(const std::vector<std::string>& cells) {
  return fmt::format("<tr><td>{}</td></tr>\n", fmt::join(cells, "</td><td>"));
}

std::string table_of(const std::vector<std::string>& heads, const std::string& rows) {
  return fmt::format(
      "<div class=\"card "
      "scroll\"><table><thead><tr><th>{}</th></tr></thead><tbody>\n{}</tbody></table></div>\n",
      fmt::join(heads, "</th><th>"), rows);
}

std::vector<std::string> figures_heads(rg::data::Task task) {
  switch (task) {
    case rg::data::Task::classification:
      return {"part", "rows", "loss", "accuracy", "F1", "AUC"};
    case rg::data::Task::multi_label:
      return {"part", "rows", "loss", "accuracy", "all right", "F1", "F1 of all together", "AUC"};
    case rg::data::Task::regression:
    case rg::data::Task::reconstruction:
      break;
  }
  return {"part", "rows", "loss", "R2", "mean error", "RMSE"};
}

std::string figures_row(std::string_view part, const Figures& f, rg::data::Task task) {
  std::vector<std::string> cells{std::string(part), fmt::format("{}", f.rows), cell(f.loss, "{:.4g}")};
  const auto add = [&](const std::string& text) { cells.push_back(text); };
  if (rg::data::gives_numbers(task)) {
    add(cell(f.r2, "{:.4f}"));
    add(cell(f.mae, "{:.5g}"));
    add(cell(f.rmse, "{:.5g}"));
    return table_row(cells);
  }
  const bool labels = task == rg::data::Task::multi_label;
  add(percent(f.accuracy));
  if (labels) add(percent(f.subset_accuracy));
  add(cell(f.f1, "{:.4f}"));
  if (labels) add(cell(f.micro_f1, "{:.4f}"));
  add(cell(f.auc, "{:.4f}"));
  return table_row(cells);
}

std::string figures_table(const PageInput& input) {
  const Report& report = *input.report;
  const rg::data::Task task = report.task;
  std::string rows;
  if (report.train) rows += figures_row("training", *report.train, task);
  if (report.validation) rows += figures_row("validation", *report.validation, task);
  if (report.test) rows += figures_row("test", *report.test, task);
  if (report.best_test) {
    rows += figures_row(fmt::format("best test (epoch {})", report.best_test_epoch), *report.best_test, task);
  }
  if (const auto& baseline = input.findings->baseline) {
    const Figures figures{.rows = input.findings->dataset.rows(),
                          .accuracy = baseline->accuracy,
                          .r2 = baseline->r2,
                          .mae = baseline->mae,
                          .rmse = baseline->rmse,
                          .subset_accuracy = baseline->subset_accuracy};
    rows += figures_row("baseline: " + escaped(baseline->what), figures, task);
  }
  return table_of(figures_heads(task), rows);
}

std::string curves(const PageInput& input) {
  const auto column = [&](double rg::train::EpochRecord::*member, double factor = 1) {
    std::vector<double> values;
    for (const auto& record : input.history) values.push_back(record.*member * factor);
    return values;
  };
  using R = rg::train::EpochRecord;
  const bool classes = !gives_numbers(input);
  const std::int64_t first = input.history.empty() ? 1 : input.history.front().epoch;
  const std::int64_t kept = input.report->best_epoch.value_or(0);
  const double factor = classes ? 100 : 1;
  const auto known = [](std::vector<Series> series) {
    std::erase_if(series, [](const Series& one) {
      return std::all_of(one.values.begin(), one.values.end(), [](double v) { return !std::isfinite(v); });
    });
    return series;
  };
  std::string text;
  text += figure(
      "Loss",
      curves_chart({"loss", "Loss", "mean loss of a row", first, kept,
                    known({{"training", column(&R::train_loss)}, {"validation", column(&R::val_loss)}}),
                    true}),
      "Training: the mean over the epoch's batches, each before its update. Kept: the least validation "
      "loss.");
  text += figure(classes ? "Accuracy" : "R2",
                 curves_chart({"score", classes ? "Accuracy" : "R2", classes ? "%" : "R2", first, kept,
                               known({{"validation", column(&R::val_score, factor)},
                                      {"test", column(&R::test_score, factor)}})}),
                 "After each epoch.");
  text += figure("Learning rate",
                 curves_chart({"rate", "Learning rate", "learning rate", first, 0,
                               known({{"learning rate", column(&R::learning_rate)}}), false, true}),
                 "Of the last step of each epoch.");
  text += figure("Norm of the gradient",
                 curves_chart({"norm", "Norm of the gradient", "norm", first, 0,
                               known({{"norm", column(&R::grad_norm)}}), true}),
                 "The mean over the steps of an epoch.");
  return text.empty() ? "" : "<div class=\"grid\">\n" + text + "</div>\n";
}

std::string classes_table(const Classes& classes) {
  std::string rows;
  for (const ClassFigures& one : classes.figures) {
    rows += table_row({escaped(shortened(one.name, 40)), fmt::format("{}", one.rows),
                       cell(one.precision, "{:.4f}"), cell(one.recall, "{:.4f}"), cell(one.f1, "{:.4f}")});
  }
  return table_of({"class", "rows", "precision", "recall", "F1"}, rows);
}

std::string labels_section(const Labels& labels) {
  std::string rows;
  for (std::size_t j = 0; j < labels.names.size(); ++j) {
    const rg::train::LabelFigures& one = labels.figures[j];
    rows += table_row({escaped(shortened(labels.names[j], 40)), fmt::format("{}", one.rows),
                       fmt::format("{}", one.predicted), cell(one.precision, "{:.4f}"),
                       cell(one.recall, "{:.4f}"), cell(one.f1, "{:.4f}"), cell(one.auc, "{:.4f}")});
  }
  return table_of({"label", "rows", "predicted", "precision", "recall", "F1", "AUC"}, rows);
}

std::string targets_table(const Figures& figures) {
  if (figures.targets.empty()) return "";
  std::string rows;
  for (const rg::train::TargetFigures& one : figures.targets) {
    rows += table_row({escaped(shortened(one.name, 40)), cell(one.r2, "{:.4f}"), cell(one.mae, "{:.5g}"),
                       cell(one.rmse, "{:.5g}")});
  }
  return table_of({"target", "R2", "mean error", "RMSE"}, rows) + "<p></p>\n";
}

// Which classes are taken for which, the most frequent mistakes first.
std::string confusions_table(const Classes& classes) {
  struct Confusion {
    std::size_t truth, told, rows;
  };
  std::vector<Confusion> all;
  const std::size_t count = classes.names.size();
  for (std::size_t i = 0; i < count * count; ++i) {
    if (i / count != i % count && classes.confusion[i] > 0)
      all.push_back({i / count, i % count, classes.confusion[i]});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.rows > b.rows; });
  if (all.size() > 20) all.resize(20);
  std::string text =
      "<div class=\"card scroll\"><table><thead><tr><th>truth</th><th class=\"left\">taken for</th>"
      "<th>rows</th></tr></thead><tbody>\n";
  for (const Confusion& one : all) {
    text += fmt::format("<tr><td>{}</td><td class=\"left\">{}</td><td>{}</td></tr>\n",
                        escaped(classes.names[one.truth]), escaped(classes.names[one.told]), one.rows);
  }
  return text + "</tbody></table></div>\n";
}

std::string classes_section(const PageInput& input) {
  const Classes& classes = *input.findings->classes;
  const bool drawn = classes.names.size() <= most_classes_drawn;
  std::string text = "<div class=\"grid\">\n";
  text += drawn ? figure("Confusion matrix", confusion_chart(classes),
                         "A row for each class, a column for each prediction; blue is right, red is wrong, "
                         "stronger for a larger share of the class.")
                : confusions_table(classes);
  text += figure(
      "Calibration", calibration_chart(classes),
      fmt::format("The probability of {} against how often it came true; on the dashed line they agree. "
                  "Expected calibration error {:.4f}.",
                  classes.calibrated, classes.calibration_error));
  return text + "</div>\n<p></p>\n" + classes_table(classes);
}

std::string numbers_section(const PageInput& input) {
  std::string text = targets_table(shown_figures(*input.report)) + "<div class=\"grid\">\n";
  constexpr std::size_t most_targets = 6;
  for (std::size_t j = 0; j < std::min(most_targets, input.findings->numbers.size()); ++j) {
    const Numbers& numbers = input.findings->numbers[j];
    text += figure(numbers.name, prediction_chart(numbers, j),
                   "A point is a row; on the dashed line it is right.");
    text += figure(fmt::format("{}: errors", numbers.name), residual_chart(numbers, j),
                   "How many rows are off by how much; right of the middle the prediction is too large.");
  }
  return text + "</div>\n";
}

std::string reconstruction_section(const Reconstruction& reconstruction) {
  std::string rows;
  for (const double share : told_shares) {
    rows += table_row({fmt::format("{:.0f} %", share * 100), cell(reconstruction.quantile(share), "{:.4g}")});
  }
  return "<div class=\"grid\">\n" +
         figure("Errors of the rows", error_chart(reconstruction),
                "The root of the mean squared difference between a row and what is given back.") +
         table_of({"of the rows", "error at most"}, rows) + "</div>\n";
}

std::string importance_section(const Report& report) {
  constexpr std::size_t most = 30;
  std::vector<Bar> bars;
  for (const auto& column : report.importance->columns) {
    if (bars.size() < most) bars.push_back({column.name, column.mean, column.deviation});
  }
  const rg::train::Importance& importance = *report.importance;
  return figure(
      fmt::format("Loss of {}", importance.score),
      bar_chart("importance", "Importance of columns", importance.score, bars),
      fmt::format("What the {} of {:.4f} falls by, where a column's values are shuffled among the {} "
                  "rows: mean and deviation of {} shuffles. Columns that tell the same share it.",
                  importance.score, importance.baseline, importance.rows, importance.repeats));
}

std::string model_section(const PageInput& input) {
  const rg::nn::Sequential& model = input.predictor->model();
  std::string text = fmt::format("<pre>{}</pre>\n", escaped(model.text()));
  text +=
      "<div class=\"card scroll\"><table><thead><tr><th>name</th><th class=\"left\">layer</th>"
      "<th class=\"left\">output</th><th>parameters</th><th>FLOPs</th></tr></thead><tbody>\n";
  const rg::Shape shape = input.predictor->encoder().input_shape();
  text += fmt::format("<tr><td>input</td><td></td><td class=\"left\">{}</td><td></td><td></td></tr>\n",
                      shape.to_string());
  std::int64_t flops = 0;
  for (const rg::nn::SummaryRow& row : rg::nn::summary(model, shape)) {
    flops += row.flops;
    text += fmt::format(
        "<tr><td>{}</td><td class=\"left wrap\">{}</td><td "
        "class=\"left\">{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(row.name), escaped(row.text), row.output_shape.to_string(), row.parameters, row.flops);
  }
  text += fmt::format("<tr><td>total</td><td></td><td></td><td>{}</td><td>{}</td></tr>\n",
                      input.report->parameters, flops);
  return text + "</tbody></table></div>\n<p class=\"soft\">FLOPs: of one row, forward.</p>\n";
}

std::string settings_section(const PageInput& input) {
  std::string text;
  if (!input.command.empty()) text += "<p>This training:</p><pre>" + escaped(input.command) + "</pre>\n";
  text += fmt::format(
      "<p>The same again, bit for bit, from the file that holds every setting:</p><pre>retrograd train {}"
      "</pre>\n",
      escaped(input.report->run + "/config.toml"));
  text += "<div class=\"card scroll\"><table><tbody>\n";
  for (const auto& [key, value] : input.settings) {
    text += fmt::format("<tr><td><code>{}</code></td><td class=\"left wrap\">{}</td></tr>\n", escaped(key),
                        escaped(value));
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace

std::string page(const PageInput& input) {
  const Report& report = *input.report;
  const std::string part = input.findings->part;
  const std::string title = fmt::format("{} – Retrograd", report.run);
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style></head>\n"
      "<body><main>\n<header><h1>{}</h1>\n<p class=\"soft\">{}: {} rows, SHA-256 {}</p>\n",
      escaped(title), style(), escaped(report.run), escaped(input.data), report.rows, report.sha256);
  text +=
      "<nav aria-label=\"Sections\"><a href=\"#figures\">Figures</a><a href=\"#curves\">Curves</a>"
      "<a href=\"#answers\">Answers</a><a href=\"#worst\">Worst rows</a><a href=\"#model\">Model</a>"
      "<a href=\"#settings\">Settings</a></nav></header>\n";
  text += tiles(input);
  text += section("figures", "Figures", figures_table(input));
  text += section("curves", "Training", curves(input));
  const std::string answers = input.findings->classes  ? classes_section(input)
                              : input.findings->labels ? labels_section(*input.findings->labels)
                              : input.findings->reconstruction
                                  ? reconstruction_section(*input.findings->reconstruction)
                              : !input.findings->numbers.empty() ? numbers_section(input)
                                                                 : "";
  text += section("answers", fmt::format("Answers to the {} part", part), answers);
  text += section("worst", fmt::format("Worst rows of the {} part", part),
                  rows_section(*input.findings, input.predictor->encoder()));
  if (report.importance) text += section("importance", "Importance of columns", importance_section(report));
  text += section("model", "Model", model_section(input));
  text += section("settings", "Settings", settings_section(input));
  return text + fmt::format("<footer class=\"soft\">Retrograd {}</footer>\n</main></body></html>\n",
                            escaped(rg::version()));
}

}  // namespace cli::report
