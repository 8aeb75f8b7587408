// Rows of settings and figures, columns of runs.
#include "cli/compare/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cli::compare {
namespace {

constexpr std::size_t widest = 28;  // a column; longer values are cut

enum class Better { neither, more, less };

// A figure of result.json.
struct Figure {
  const char* name;
  const char* pointer;  // as a JSON pointer
  const char* format;
  double scale;
  Better better;
};

constexpr Figure figures[] = {
    {"test accuracy", "/test/accuracy", "{:.2f} %", 100, Better::more},
    {"test all right", "/test/subset_accuracy", "{:.2f} %", 100, Better::more},
    {"test F1", "/test/f1", "{:.4f}", 1, Better::more},
    {"test AUC", "/test/auc", "{:.4f}", 1, Better::more},
    {"test R2", "/test/r2", "{:.4f}", 1, Better::more},
    {"test mean error", "/test/mae", "{:.5g}", 1, Better::less},
    {"test RMSE", "/test/rmse", "{:.5g}", 1, Better::less},
    {"test nats a character", "/test/nats_per_character", "{:.4f}", 1, Better::less},
    {"test loss", "/test/loss", "{:.4g}", 1, Better::less},
    {"validation loss", "/validation/loss", "{:.4g}", 1, Better::neither},
    {"training loss", "/train/loss", "{:.4g}", 1, Better::neither},
    {"parameters", "/parameters", "{:.0f}", 1, Better::neither},
    {"epochs", "/epochs", "{:.0f}", 1, Better::neither},
    {"best epoch", "/best_epoch", "{:.0f}", 1, Better::neither},
    {"seconds of training", "/seconds/training", "{:.2f}", 1, Better::neither},
};

// Numbers of letters, not of bytes.
std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// The byte at which letter `place` begins.
std::size_t byte_of(const std::string& text, std::size_t place) {
  std::size_t at = 0;
  for (; place > 0 && at < text.size(); --place) {
    do ++at;
    while (at < text.size() && (text[at] & 0xc0) == 0x80);
  }
  return at;
}

// At most `width` letters: of a path its end, which tells files apart, of other texts the beginning.
std::string shortened(const std::string& text, std::size_t width) {
  const std::size_t count = letters(text);
  if (count <= width) return text;
  const bool path = text.find('/') != text.npos;
  const std::size_t kept = width - 3;
  return path ? "..." + text.substr(byte_of(text, count - kept))
              : text.substr(0, byte_of(text, kept)) + "...";
}

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - letters(text), ' ') + text;
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

// "*" behind the best, where the values differ.
Row row_of(const std::vector<Run>& runs, const Figure& figure) {
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
    const bool marked = figure.better != Better::neither && best > worst && good == best;
    const std::string text =
        std::isnan(value) ? "-" : fmt::format(fmt::runtime(figure.format), value * figure.scale);
    row.cells.push_back(text + (marked ? " *" : "  "));
  }
  return row;
}

std::vector<Row> rows_of(const std::vector<Run>& runs) {
  std::vector<Row> rows;
  for (const std::string& key : differing(runs)) {
    Row row{key, {}};
    for (const Run& run : runs) {
      const std::string value = setting(run, key);
      // The place of a figure's star is left free.
      row.cells.push_back((value.empty() ? "-" : shortened(value, widest - 2)) + "  ");
    }
    rows.push_back(std::move(row));
  }
  for (const Figure& figure : figures) {
    Row row = row_of(runs, figure);
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
      text += "  " + padded(shortened(runs[i].path, widest - 2) + "  ", widths[i]);
    text += std::string(colors.off) + "\n";
    for (const Row& row : rows) {
      text += row.name + std::string(names - letters(row.name), ' ');
      for (std::size_t i = first; i < last; ++i) {
        const bool best = row.figure && row.cells[i].ends_with(" *");
        text += fmt::format("  {}{}{}", best ? colors.good : "", padded(row.cells[i], widths[i]),
                            best ? colors.off : "");
      }
      text += "\n";
    }
    first = last;
  }
  return text;
}

}  // namespace cli::compare
