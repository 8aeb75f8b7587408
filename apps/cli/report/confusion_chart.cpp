// The confusion matrix as coloured squares.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/report/canvas.h"
#include "cli/report/charts.h"
#include "cli/report/html.h"

namespace cli::report {
namespace {

constexpr std::size_t most_digits = 14;  // classes whose counts are written
constexpr std::size_t longest_name = 12;
constexpr double letter = 6.6;

struct Layout {
  double left, top, side;
  bool upright;  // names above the columns are turned
};

Layout layout_of(const Classes& classes, double width) {
  std::size_t longest = 0;
  for (const std::string& name : classes.names) {
    longest = std::max(longest, std::min(letters(name), longest_name));
  }
  const double names = letter * static_cast<double>(longest);
  Layout layout{.left = names + 28, .top = 0, .side = 0, .upright = false};
  layout.side = std::min(72.0, (width - layout.left - 4) / static_cast<double>(classes.names.size()));
  layout.upright = names > layout.side - 4;
  layout.top = 26 + (layout.upright ? names : 14);
  return layout;
}

void draw_cell(Canvas& canvas, const Classes& classes, const Layout& layout, std::size_t truth,
               std::size_t told, double share) {
  const std::size_t count = classes.names.size();
  const std::size_t rows = classes.confusion[truth * count + told];
  const double x = layout.left + layout.side * static_cast<double>(told);
  const double y = layout.top + layout.side * static_cast<double>(truth);
  const bool right = truth == told;
  // Few errors of many rows are to be seen too, so errors go by the square root.
  const double opacity = rows == 0 ? 0.04 : right ? 0.15 + 0.8 * share : 0.15 + 0.8 * std::sqrt(share);
  canvas.rectangle(x + 0.5, y + 0.5, layout.side - 1, layout.side - 1, right ? "f1" : "f4",
                   fmt::format("{} taken for {}: {} rows, {:.1f} % of {}", classes.names[truth],
                               classes.names[told], rows, share * 100, classes.names[truth]),
                   opacity);
  if (count > most_digits || rows == 0) return;
  canvas.text(x + layout.side / 2, y + layout.side / 2 + 4, fmt::format("{}", rows),
              opacity > 0.6 ? "cell middle onfill" : "cell middle");
}

}  // namespace

std::string confusion_chart(const Classes& classes) {
  const std::size_t count = classes.names.size();
  constexpr double width = 420;
  const Layout layout = layout_of(classes, width);
  std::size_t right = 0, rows = 0;
  for (const ClassFigures& one : classes.figures) right += one.right, rows += one.rows;
  Canvas canvas(
      "confusion", "Confusion matrix",
      fmt::format("{} of {} rows are on the diagonal, where truth and prediction agree.", right, rows), width,
      layout.top + layout.side * static_cast<double>(count) + 4);
  canvas.text(layout.left, 12, "prediction →", "tick");
  canvas.text(12, layout.top, "truth →", "tick end",
              fmt::format("transform=\"rotate(-90 12 {:.1f})\"", layout.top));
  for (std::size_t k = 0; k < count; ++k) {
    const double middle = layout.side * (static_cast<double>(k) + 0.5);
    const std::string name = shortened(classes.names[k], longest_name);
    const std::size_t every = layout.side < 12 ? 2 : 1;
    if (k % every != 0) continue;
    canvas.text(layout.left - 6, layout.top + middle + 4, name, "tick end");
    const double x = layout.left + middle + (layout.upright ? 4 : 0), y = layout.top - 6;
    canvas.text(x, y, name, layout.upright ? "tick" : "tick middle",
                layout.upright ? fmt::format("transform=\"rotate(-90 {:.1f} {:.1f})\"", x, y) : "");
  }
  for (std::size_t truth = 0; truth < count; ++truth) {
    for (std::size_t told = 0; told < count; ++told) {
      const std::size_t all = classes.figures[truth].rows;
      const double share =
          all == 0 ? 0
                   : static_cast<double>(classes.confusion[truth * count + told]) / static_cast<double>(all);
      draw_cell(canvas, classes, layout, truth, told, share);
    }
  }
  return std::move(canvas).finish();
}

}  // namespace cli::report
