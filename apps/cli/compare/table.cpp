// Rows of settings and figures, columns of runs.
#include "cli/compare/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "cli/letters.h"

namespace cli::compare {
namespace {

constexpr std::size_t widest = 28;  // a column; longer values are cut

enum class Better { neither, more, less };

// A figure of result.json.
struct Figure {
  const char* name;
  const char* pointer;  // as a JSON pointer
  const char* format;   // null: `digits` significant ones
  double scale;
  Better better;
  int digits = 0;
};

constexpr Figure figures[] = {
    {"test accuracy", "/test/accuracy", "{:.2f} %", 100, Better::more},
    {"test all right", "/test/subset_accuracy", "{:.2f} %", 100, Better::more},
    {"test F1", "/test/f1", "{:.4f}", 1, Better::more},
    {"test AUC", "/test/auc", "{:.4f}", 1, Better::more},
    {"test R2", "/test/r2", "{:.4f}", 1, Better::more},
    {"test mean error", "/test/mae", nullptr, 1, Better::less, 5},
    {"test RMSE", "/test/rmse", nullptr, 1, Better::less, 5},
    {"test nats a character", "/test/nats_per_character", "{:.4f}", 1, Better::less},
    {"test loss", "/test/loss", nullptr, 1, Better::less, 4},
    {"validation loss", "/validation/loss", nullptr, 1, Better::neither, 4},
    {"training loss", "/train/loss", nullptr, 1, Better::neither, 4},
    {"parameters", "/parameters", "{:.0f}", 1, Better::neither},
    {"epochs made", "/epochs", "{:.0f}", 1, Better::neither},
    {"best epoch", "/best_epoch", "{:.0f}", 1, Better::neither},
    {"seconds of training", "/seconds/training", nullptr, 1, Better::neither, 3},
};

// Of a path its end is kept, which tells files apart, of other texts the beginning.
std::string cut(const std::string& text, std::size_t width) {
  return text.find('/') != text.npos ? shortened_front(text, width) : shortened(text, width);
}

// A value of config.toml without the quotes of a text.
std::string unquoted(const std::string& value) {
  const bool quoted =
      value.size() >= 2 && value.front() == value.back() && (value.front() == '\'' || value.front() == '"');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

struct Row {
  std::string name;
  std::vector<std::string> cells;  // one a run
  bool figure = false;
};

// NaN where the run has none.
double value_of(const Run& run, const Figure& figure) {
  const nlohmann::ordered_json::json_pointer pointer(figure.pointer);
  if (!run.result.is_object() || !run.result.contains(pointer) || !run.result[pointer].is_number()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return run.result[pointer].get<double>();
}

// "*" behind the best, where the values differ and runs that differ in `differing` can be compared by it:
// they have learned the same target, and where it is their loss, by the same one.
Row row_of(const std::vector<Run>& runs, const Figure& figure, const std::vector<std::string>& differing) {
  const auto differ_in = [&](const char* key) {
    return std::find(differing.begin(), differing.end(), key) != differing.end();
  };
  const bool comparable = figure.better != Better::neither && !differ_in("target") && !differ_in("task") &&
                          !(figure.pointer == std::string_view("/test/loss") && differ_in("loss"));
  double best = std::numeric_limits<double>::quiet_NaN(), worst = best;
  for (const Run& run : runs) {
    const double value = value_of(run, figure);
    const double good = figure.better == Better::less ? -value : value;
    best = std::fmax(best, good);
    worst = std::fmin(worst, good);
  }
  Row row{figure.name, {}, true};
  for (const Run& run : runs) {
    const double value = value_of(run, figure);
    const double good = figure.better == Better::less ? -value : value;
    const bool marked = comparable && best > worst && good == best;
    const std::string text = std::isnan(value) ? "-"
                             : figure.format == nullptr
                                 ? significant(value * figure.scale, figure.digits)
                                 : fmt::format(fmt::runtime(figure.format), value * figure.scale);
    row.cells.push_back(text + (marked ? " *" : "  "));
  }
  return row;
}

std::vector<Row> rows_of(const std::vector<Run>& runs) {
  std::vector<Row> rows;
  const std::vector<std::string> keys = differing(runs);
  for (const std::string& key : keys) {
    Row row{key, {}};
    for (const Run& run : runs) {
      const std::string value = setting(run, key);
      // The place of a figure's star is left free.
      row.cells.push_back((value.empty() ? "-" : cut(unquoted(value), widest - 2)) + "  ");
    }
    rows.push_back(std::move(row));
  }
  for (const Figure& figure : figures) {
    Row row = row_of(runs, figure, keys);
    const bool known =
        std::any_of(row.cells.begin(), row.cells.end(), [](const auto& cell) { return cell != "-  "; });
    if (known) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string table(const std::vector<Run>& runs, std::size_t width, const Colors& colors) {
  const std::vector<Row> rows = rows_of(runs);
  std::size_t names = 0;
  for (const Row& row : rows) names = std::max(names, letters(row.name));
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::size_t longest = letters(runs[i].path) + 2;
    for (const Row& row : rows) longest = std::max(longest, letters(row.cells[i]));
    widths.push_back(std::min(longest, widest));
  }
  std::string text;
  for (std::size_t first = 0; first < runs.size();) {
    std::size_t last = first, used = names;
    while (last < runs.size() && (last == first || used + 2 + widths[last] <= width))
      used += 2 + widths[last++];
    text += (first == 0 ? "" : "\n") + std::string(names, ' ') + std::string(colors.bold);
    for (std::size_t i = first; i < last; ++i)
      text += "  " + padded_front(cut(runs[i].path, widest - 2) + "  ", widths[i]);
    text += std::string(colors.off) + "\n";
    for (const Row& row : rows) {
      text += row.name + std::string(names - letters(row.name), ' ');
      for (std::size_t i = first; i < last; ++i) {
        const bool best = row.figure && row.cells[i].ends_with(" *");
        text += fmt::format("  {}{}{}", best ? colors.good : "", padded_front(row.cells[i], widths[i]),
                            best ? colors.off : "");
      }
      text += "\n";
    }
    first = last;
  }
  return text;
}

}  // namespace cli::compare
