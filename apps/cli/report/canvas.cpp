// SVG, written as text.
#include "cli/report/canvas.h"

#include <fmt/format.h>

#include <cmath>

#include "cli/report/html.h"

namespace cli::report {
namespace {

// Tenths are finer than a screen shows.
std::string place(double value) {
  const double rounded = std::round(value * 10) / 10;
  return fmt::format("{}", rounded == 0 ? 0.0 : rounded);
}

std::string title_of(std::string_view title) {
  return title.empty() ? "" : fmt::format("<title>{}</title>", escaped(title));
}

}  // namespace

Canvas::Canvas(std::string_view id, std::string_view title, std::string_view description, double width,
               double height)
    : svg_(fmt::format("<svg viewBox=\"0 0 {0} {1}\" role=\"img\" aria-labelledby=\"{2}-t {2}-d\">"
                       "<title id=\"{2}-t\">{3}</title><desc id=\"{2}-d\">{4}</desc>\n",
                       place(width), place(height), id, escaped(title), escaped(description))) {}

void Canvas::text(double x, double y, std::string_view text, std::string_view classes,
                  std::string_view more) {
  svg_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}{}>{}</text>\n", place(x), place(y), classes,
                      more.empty() ? "" : " ", more, escaped(text));
}

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  svg_ += fmt::format("<path d=\"M{} {}L{} {}\" class=\"{}\"/>\n", place(x1), place(y1), place(x2), place(y2),
                      classes);
}

void Canvas::rectangle(double x, double y, double width, double height, std::string_view classes,
                       std::string_view title, double opacity) {
  svg_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"", place(x), place(y),
                      place(width), place(height), classes);
  if (opacity < 1) svg_ += fmt::format(" fill-opacity=\"{:.2f}\"", opacity);
  svg_ += title.empty() ? "/>\n" : fmt::format(">{}</rect>\n", title_of(title));
}

void Canvas::dot(double x, double y, double radius, std::string_view classes, std::string_view title) {
  svg_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\">{}</circle>\n", place(x), place(y),
                      place(radius), classes, title_of(title));
}

void Canvas::path(const std::vector<std::pair<double, double>>& points, std::string_view classes) {
  std::string d;
  char next = 'M';
  for (const auto& [x, y] : points) {
    if (std::isnan(x) || std::isnan(y)) {
      next = 'M';
      continue;
    }
    d += fmt::format("{}{} {}", next, place(x), place(y));
    next = 'L';
  }
  if (!d.empty()) svg_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", d, classes);
}

void Canvas::marks(const std::vector<std::pair<double, double>>& points, std::string_view classes) {
  std::string d;
  for (const auto& [x, y] : points) d += fmt::format("M{} {}h0", place(x), place(y));
  if (!d.empty()) svg_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", d, classes);
}

void Canvas::axes(const Scale& x, const Scale& y, std::string_view x_name, std::string_view y_name) {
  const double left = x(x.low()), right = x(x.high()), bottom = y(y.low()), top = y(y.high());
  for (const Tick& tick : y.ticks()) {
    line(left, y(tick.value), right, y(tick.value), "grid");
    text(left - 6, y(tick.value) + 4, tick.text, "tick end");
  }
  for (const Tick& tick : x.ticks()) {
    line(x(tick.value), bottom, x(tick.value), bottom + 4, "axis");
    text(x(tick.value), bottom + 17, tick.text, "tick middle");
  }
  line(left, bottom, right, bottom, "axis");
  if (!x_name.empty()) text((left + right) / 2, bottom + 34, x_name, "tick middle");
  if (!y_name.empty()) text(2, top - 10, y_name, "tick");
}

std::string Canvas::finish() && { return std::move(svg_) + "</svg>\n"; }

}  // namespace cli::report
