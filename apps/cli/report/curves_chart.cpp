// Curves over the epochs of a training.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/report/canvas.h"
#include "cli/report/charts.h"
#include "cli/report/html.h"

namespace cli::report {
namespace {

constexpr double width = 420, height = 260, left = 52, right = 408, top = 44, bottom = 216;
constexpr std::size_t most_dots = 200;  // places to rest the pointer on, for each series

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  std::size_t epochs = 0;
};

Range range_of(const Curves& curves) {
  Range range;
  for (const Series& series : curves.series) {
    range.epochs = std::max(range.epochs, series.values.size());
    for (const double value : series.values) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  return range;
}

void draw_series(Canvas& canvas, const Curves& curves, std::size_t s, const Scale& x, const Scale& y) {
  const Series& series = curves.series[s];
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const double epoch = static_cast<double>(curves.first_epoch) + static_cast<double>(i);
    const double value = series.values[i];
    points.emplace_back(x(epoch), std::isfinite(value) ? y(value) : std::numeric_limits<double>::quiet_NaN());
  }
  canvas.path(points, fmt::format("curve s{}", s + 1));
  const std::size_t every = points.size() / most_dots + 1;
  for (std::size_t i = 0; i < points.size(); i += every) {
    if (std::isnan(points[i].second)) continue;
    canvas.dot(points[i].first, points[i].second, 4,
               fmt::format("{} f{}", points.size() == 1 ? "" : "rest", s + 1),
               fmt::format("{}, epoch {}: {:.5g}", series.name,
                           curves.first_epoch + static_cast<std::int64_t>(i), series.values[i]));
  }
}

void draw_legend(Canvas& canvas, const Curves& curves) {
  double at = right;
  for (std::size_t s = curves.series.size(); s-- > 0;) {
    at -= 6.4 * static_cast<double>(letters(curves.series[s].name));
    canvas.text(at, 14, curves.series[s].name, "legend");
    canvas.line(at - 22, 10, at - 5, 10, fmt::format("curve s{}", s + 1));
    at -= 34;
  }
}

std::string description(const Curves& curves) {
  std::string text;
  for (const Series& series : curves.series) {
    if (series.values.empty()) continue;
    text += fmt::format("{}: {:.4g} in the first epoch, {:.4g} in the last. ", series.name,
                        series.values.front(), series.values.back());
  }
  return text;
}

}  // namespace

std::string curves_chart(const Curves& curves) {
  const Range range = range_of(curves);
  if (range.epochs == 0 || range.low > range.high) return "";
  const double first = static_cast<double>(curves.first_epoch);
  const double last = first + static_cast<double>(range.epochs) - 1;
  const Scale y(curves.from_zero ? std::min(0.0, range.low) : range.low, range.high, bottom, top,
                curves.may_be_logarithmic && wants_logarithm(range.low, range.high));
  const Scale x(std::min(first, 1.0) - 1, std::max(last, 1.0), left, right);
  Canvas canvas(curves.id, curves.title, description(curves), width, height);
  canvas.axes(x, y, "epoch", curves.unit);
  if (curves.marked_epoch > 0) {
    const double at = x(static_cast<double>(curves.marked_epoch));
    canvas.line(at, top - 8, at, bottom, "kept");
    const bool near_end = at > right - 60;
    canvas.text(at + (near_end ? -4 : 4), top - 2, "kept", near_end ? "tick end" : "tick");
  }
  for (std::size_t s = 0; s < curves.series.size(); ++s) draw_series(canvas, curves, s, x, y);
  if (curves.series.size() > 1) draw_legend(canvas, curves);
  return std::move(canvas).finish();
}

}  // namespace cli::report
