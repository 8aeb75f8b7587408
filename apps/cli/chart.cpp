// A chart for the terminal.
#include "cli/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cli {
namespace {

constexpr std::size_t margin = 11;  // of the numbers on the left

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;

  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // The place of a value among `count`.
  std::size_t place(double value, std::size_t count) const {
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return static_cast<std::size_t>(
        std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(count - 1)));
  }
};

}  // namespace

std::string drawn(const Chart& chart, std::size_t width, std::size_t height, bool utf8) {
  const auto scaled = [&](double x) { return chart.logarithmic_x ? std::log10(x) : x; };
  Range xs, ys;
  for (const double x : chart.x) xs.take(scaled(x));
  for (const double y : chart.y) ys.take(y);
  if (chart.x.size() < 2 || !(ys.low <= ys.high) || height < 2 || width < margin + 10) return "";
  const std::size_t columns = width - margin;
  std::vector<std::vector<std::string>> cells(height, std::vector<std::string>(columns, " "));
  if (chart.marked) {
    const std::size_t column = xs.place(scaled(*chart.marked), columns);
    for (auto& row : cells) row[column] = utf8 ? "┊" : ":";
  }
  for (std::size_t i = 0; i < chart.x.size(); ++i) {
    if (!std::isfinite(chart.y[i])) continue;
    cells[height - 1 - ys.place(chart.y[i], height)][xs.place(scaled(chart.x[i]), columns)] =
        utf8 ? "•" : "*";
  }
  std::string text = chart.y_name + "\n";
  for (std::size_t row = 0; row < height; ++row) {
    const bool numbered = row == 0 || row + 1 == height;
    text += numbered ? fmt::format("{:>9.4g} ", row == 0 ? ys.high : ys.low) : std::string(margin - 1, ' ');
    text += utf8 ? "│" : "|";
    for (const std::string& cell : cells[row]) text += cell;
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  const std::string first = fmt::format("{:.3g}", chart.x.front()),
                    last = fmt::format("{:.3g}", chart.x.back());
  const std::size_t gap = columns - std::min(columns, first.size() + last.size());
  const std::size_t before = (gap - std::min(gap, chart.x_name.size())) / 2;
  const std::string middle = std::string(before, ' ') + chart.x_name +
                             std::string(gap - std::min(gap, before + chart.x_name.size()), ' ');
  return text + std::string(margin, ' ') + first + middle + last + "\n";
}

}  // namespace cli
