// Predictions against the truth, how far they are off, and errors of rows that are given back.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/report/canvas.h"
#include "cli/report/charts.h"

namespace cli::report {
namespace {

constexpr double width = 420, height = 290, left = 62, right = 408, top = 30, bottom = 246;
constexpr std::size_t most_points = 3000;
constexpr std::size_t histogram_bars = 25;

}  // namespace

std::string prediction_chart(const Numbers& numbers, std::size_t number) {
  double low = numbers.truth[0], high = low;
  for (const auto* values : {&numbers.truth, &numbers.predicted}) {
    for (const double value : *values) low = std::min(low, value), high = std::max(high, value);
  }
  const Scale x(low, high, left, right), y(low, high, bottom, top);
  const std::size_t every = numbers.truth.size() / most_points + 1;
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < numbers.truth.size(); i += every) {
    points.emplace_back(x(numbers.truth[i]), y(numbers.predicted[i]));
  }
  Canvas canvas(fmt::format("prediction{}", number),
                fmt::format("{}: prediction against truth", numbers.name),
                fmt::format("{} rows; a point on the diagonal is right.", points.size()), width, height);
  canvas.axes(x, y, "truth", "prediction");
  canvas.line(x(x.low()), y(x.low()), x(x.high()), y(x.high()), "ideal");
  canvas.marks(points, points.size() > 500 ? "marks thin" : "marks");
  return std::move(canvas).finish();
}

std::string residual_chart(const Numbers& numbers, std::size_t number) {
  double most = 0;
  for (std::size_t i = 0; i < numbers.truth.size(); ++i) {
    most = std::max(most, std::abs(numbers.predicted[i] - numbers.truth[i]));
  }
  if (most == 0) most = 1;
  std::vector<std::size_t> counts(histogram_bars);
  for (std::size_t i = 0; i < numbers.truth.size(); ++i) {
    const double share = (numbers.predicted[i] - numbers.truth[i] + most) / (2 * most);
    const auto place = static_cast<std::size_t>(share * static_cast<double>(histogram_bars));
    counts[std::min(place, histogram_bars - 1)] += 1;
  }
  const auto tallest = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  const Scale x(-most, most, left, right), y(0, tallest, bottom, top);
  Canvas canvas(fmt::format("residual{}", number),
                fmt::format("{}: how far predictions are off", numbers.name),
                fmt::format("Prediction minus truth, from {:.4g} to {:.4g}.", -most, most), width, height);
  canvas.axes(x, y, "prediction − truth", "rows");
  for (std::size_t b = 0; b < histogram_bars; ++b) {
    const double low = most * (2 * static_cast<double>(b) / histogram_bars - 1);
    const double high = most * (2 * static_cast<double>(b + 1) / histogram_bars - 1);
    const double at = y(static_cast<double>(counts[b]));
    canvas.rectangle(x(low) + 0.5, at, x(high) - x(low) - 1, bottom - at, "f1",
                     fmt::format("{:.4g} to {:.4g}: {} rows", low, high, counts[b]), 0.75);
  }
  canvas.line(x(0), top, x(0), bottom, "ideal");
  return std::move(canvas).finish();
}

std::string error_chart(const Reconstruction& reconstruction) {
  const double most = reconstruction.errors.back() > 0 ? reconstruction.errors.back() : 1;
  std::vector<std::size_t> counts(histogram_bars);
  for (const double error : reconstruction.errors) {
    const auto place = static_cast<std::size_t>(error / most * static_cast<double>(histogram_bars));
    counts[std::min(place, histogram_bars - 1)] += 1;
  }
  const auto tallest = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
  const Scale x(0, most, left, right), y(0, tallest, bottom, top);
  Canvas canvas("errors", "Errors of the rows",
                fmt::format("{} rows with errors up to {:.4g}.", reconstruction.errors.size(), most), width,
                height);
  canvas.axes(x, y, "error", "rows");
  for (std::size_t b = 0; b < histogram_bars; ++b) {
    const double low = most * static_cast<double>(b) / histogram_bars;
    const double high = most * static_cast<double>(b + 1) / histogram_bars;
    const double at = y(static_cast<double>(counts[b]));
    canvas.rectangle(x(low) + 0.5, at, x(high) - x(low) - 1, bottom - at, "f1",
                     fmt::format("{:.4g} to {:.4g}: {} rows", low, high, counts[b]), 0.75);
  }
  return std::move(canvas).finish();
}

std::string bar_chart(std::string_view id, std::string_view title, std::string_view unit,
                      const std::vector<Bar>& bars) {
  if (bars.empty()) return "";
  constexpr double bar_width = 420, names = 130, line = 20;
  double low = 0, high = 0;
  for (const Bar& bar : bars) {
    low = std::min(low, bar.value - bar.deviation);
    high = std::max(high, bar.value + bar.deviation);
  }
  const double end = 30 + line * static_cast<double>(bars.size());
  const Scale x(low, high, names, bar_width - 14);
  Canvas canvas(id, title, fmt::format("The longest bar is {}.", bars[0].name), bar_width, end + 40);
  for (const Tick& tick : x.ticks()) {
    canvas.line(x(tick.value), 26, x(tick.value), end, "grid");
    canvas.text(x(tick.value), end + 15, tick.text, "tick middle");
  }
  canvas.text((names + bar_width - 14) / 2, end + 32, unit, "tick middle");
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double y = 30 + line * static_cast<double>(i);
    canvas.text(names - 6, y + 13, bar.name, "tick end");
    canvas.rectangle(std::min(x(0), x(bar.value)), y + 3, std::abs(x(bar.value) - x(0)), line - 7, "f1",
                     fmt::format("{}: {:.4g} ± {:.2g}", bar.name, bar.value, bar.deviation), 0.75);
    if (bar.deviation > 0) {
      canvas.line(x(bar.value - bar.deviation), y + line / 2 - 0.5, x(bar.value + bar.deviation),
                  y + line / 2 - 0.5, "axis");
    }
  }
  return std::move(canvas).finish();
}

}  // namespace cli::report
