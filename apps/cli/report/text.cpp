// The report on a terminal.
#include "cli/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/letters.h"
#include "cli/report/html.h"
#include "cli/terminal.h"

namespace cli::report {
namespace {

namespace rg = retrograd;
using Record = rg::train::EpochRecord;

constexpr std::size_t most_classes = 20;

struct Screen {
  std::size_t width;
  bool utf8;
  Colors colors;
};

// A name, the first value, the curve, the last value. Without a format: four significant digits.
std::string curve(const Screen& screen, const std::vector<Record>& history, const char* name,
                  double Record::*member, std::string_view color, const char* format, double factor,
                  bool logarithmic) {
  std::vector<double> values;
  for (const Record& record : history) values.push_back(record.*member * factor);
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.size() < 2) return "";
  const auto number = [&](double value) {
    return format == nullptr ? significant(value, 4) : fmt::format(fmt::runtime(format), value);
  };
  const std::size_t room = std::min<std::size_t>(screen.width > 50 ? screen.width - 46 : 4, 72);
  std::vector<double> drawn = values;  // a loss falls by powers of ten
  if (logarithmic && *std::min_element(values.begin(), values.end()) > 0)
    std::transform(drawn.begin(), drawn.end(), drawn.begin(), [](double v) { return std::log(v); });
  return fmt::format("{:<20}{:>10} {}{}{} {}\n", name, number(values.front()), color,
                     sparkline(drawn.data(), drawn.size(), room, screen.utf8), screen.colors.off,
                     number(values.back()));
}

std::string curves(const Screen& screen, const PageInput& input) {
  const bool numbers = rg::data::gives_numbers(input.report->task);
  const auto& c = screen.colors;
  const auto& history = input.history;
  std::string text;
  text += curve(screen, history, "training loss", &Record::train_loss, c.first, nullptr, 1, true);
  text += curve(screen, history, "validation loss", &Record::val_loss, c.second, nullptr, 1, true);
  if (numbers) {
    text += curve(screen, history, "validation R2", &Record::val_score, c.good, "{:.4f}", 1, false);
    text += curve(screen, history, "test R2", &Record::test_score, c.good, "{:.4f}", 1, false);
  } else {
    text += curve(screen, history, "validation accuracy", &Record::val_score, c.good, "{:.2f} %", 100, false);
    text += curve(screen, history, "test accuracy", &Record::test_score, c.good, "{:.2f} %", 100, false);
  }
  if (text.empty()) return "";
  return fmt::format("\n{}{} epochs{}\n{}", c.bold, history.size(), c.off, text);
}

// The class that class k is most often taken for, with the number of rows; "" for none.
std::string taken_for(const Classes& classes, std::size_t k, std::size_t name_width) {
  const std::size_t count = classes.names.size();
  std::size_t most = 0, told = 0;
  for (std::size_t j = 0; j < count; ++j) {
    if (j != k && classes.confusion[k * count + j] > most) most = classes.confusion[k * count + j], told = j;
  }
  return most == 0 ? "" : fmt::format("{} ({})", shortened(classes.names[told], name_width), most);
}

// In the order of the classes, of many only those with the least F1.
std::string classes_table(const Screen& screen, const Findings& findings) {
  const Classes& classes = *findings.classes;
  std::vector<std::size_t> order(classes.names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool cut = order.size() > most_classes;
  if (cut) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return classes.figures[a].f1 < classes.figures[b].f1;
    });
    order.resize(most_classes);
  }
  std::size_t name_width = 5;
  for (const std::size_t k : order) name_width = std::max(name_width, letters(classes.names[k]));
  name_width = std::min(name_width, screen.width >= 100 ? std::size_t{32} : std::size_t{18});
  const auto& c = screen.colors;
  std::string text = fmt::format("\n{}classes of the {} part{}{}\n", c.bold, findings.part, c.off,
                                 cut ? fmt::format(", the {} with the least F1", most_classes) : "");
  text += fmt::format("{}{}{:>8}{:>11}{:>9}{:>9}  taken for{}\n", c.faint, padded("class", name_width),
                      "rows", "precision", "recall", "F1", c.off);
  for (const std::size_t k : order) {
    const ClassFigures& one = classes.figures[k];
    const std::string taken = taken_for(classes, k, std::min(name_width, screen.width - name_width - 48));
    text += fmt::format("{}{:>8}{:>11.4f}{:>9.4f}{:>9.4f}{}{}{}{}\n",
                        padded(shortened(one.name, name_width), name_width), one.rows, one.precision,
                        one.recall, one.f1, taken.empty() ? "" : "  ", taken.empty() ? "" : c.bad, taken,
                        taken.empty() ? "" : c.off);
  }
  return text;
}

// In the columns of the table of figures (cli/report.cpp); what the baseline is stands behind them, or below.
std::string baseline_line(const Screen& screen, const Findings& findings) {
  const Baseline& b = *findings.baseline;
  const auto rows = findings.dataset.rows();
  std::string line = findings.classes
                         ? fmt::format("{:<12}{:>8}{:>12}{:>10.2f} %", "baseline", rows, "", b.accuracy * 100)
                         : fmt::format("{:<11}{:>8}{:>12}{:>9.4f}{:>11}{:>12}", "baseline", rows, "", b.r2,
                                       significant(b.mae, 5), significant(b.rmse, 5));
  const bool fits = letters(line) + 2 + letters(b.what) <= screen.width;
  return line + (fits ? "  " : "\n  ") + shortened(b.what, screen.width - 2) + "\n";
}

// What the errors of these shares of the rows do not exceed.
std::string errors_table(const Screen& screen, const Findings& findings) {
  std::string heads = fmt::format("{:<20}", "error of a row"), values = fmt::format("{:<20}", findings.part);
  for (const double share : told_shares) {
    heads += fmt::format("{:>11}", fmt::format("{:.0f} %", share * 100));
    values += fmt::format("{:>11}", significant(findings.reconstruction->quantile(share), 4));
  }
  return fmt::format("\n{}{}{}\n{}\n", screen.colors.faint, heads, screen.colors.off, values);
}

}  // namespace

std::string text(const PageInput& input, const Common& common) {
  const Screen screen{static_cast<std::size_t>(std::max(terminal_width(), 40)), is_utf8(),
                      colors_of_stdout(common)};
  const Findings& findings = *input.findings;
  std::string result;
  if (findings.baseline && !findings.labels) {  // labels have it in their table
    result += baseline_line(screen, findings);
  }
  if (findings.reconstruction) result += errors_table(screen, findings);
  result += curves(screen, input);
  if (findings.classes) result += classes_table(screen, findings);
  return result;
}

}  // namespace cli::report
