// Drawings as SVG documents.
#include "cli/reproduce/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cli::reproduce {
namespace {

constexpr double width = 640, height = 360, left = 70, right = 20, top = 40, bottom = 50;
constexpr const char* colors[] = {"#1b6ca8", "#c8553d", "#4f772d", "#7b2d8b", "#b8860b",
                                  "#2a9d8f", "#8d5524", "#e07a5f", "#5a5a5a", "#d62976"};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // Where a value lies, from 0 to 1.
  double place(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

// About five round numbers within the range: 1, 2 or 5 times a power of ten apart.
std::vector<double> ticks(const Range& range) {
  const double span = std::max(range.high - range.low, 1e-12);
  const double power = std::pow(10.0, std::floor(std::log10(span / 5)));
  const double steps = span / 5 / power;
  const double step = power * (steps < 1.5 ? 1 : steps < 3.5 ? 2 : steps < 7.5 ? 5 : 10);
  std::vector<double> values;
  for (double k = std::ceil(range.low / step); k * step <= range.high + 1e-9 * span; ++k) {
    values.push_back(k * step);
  }
  return values;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string document(double w, double h, const std::string& title, const std::string& body) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n<title>{2}</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{3}</svg>\n",
      w, h, escaped(title), body);
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" fill=\"#222\">{}</text>\n", x, y,
                     anchor, escaped(text));
}

double across(const Range& range, double x) { return left + range.place(x) * (width - left - right); }
double down(const Range& range, double y) {
  return height - bottom - range.place(y) * (height - top - bottom);
}

std::string axes(const Chart& chart, const Range& x, const Range& y) {
  std::string body = text_at(width / 2, 22, "middle", chart.title);
  for (const double value : ticks(x)) {
    body += fmt::format("<path d=\"M{0:.1f} {1:g}V{2:g}\" stroke=\"#ddd\"/>\n", across(x, value), top,
                        height - bottom);
    body += text_at(across(x, value), height - bottom + 18, "middle", fmt::format("{:g}", value));
  }
  for (const double value : ticks(y)) {
    body += fmt::format("<path d=\"M{0:g} {1:.1f}H{2:g}\" stroke=\"#ddd\"/>\n", left, down(y, value),
                        width - right);
    body += text_at(left - 8, down(y, value) + 4, "end", fmt::format("{:g}", value));
  }
  body += text_at(width / 2, height - 10, "middle", chart.x);
  body += fmt::format(
      "<text transform=\"translate(16 {:g}) rotate(-90)\" text-anchor=\"middle\" fill=\"#222\">{}</text>\n",
      height / 2, escaped(chart.y));
  return body;
}

}  // namespace

std::string draw(const Chart& chart) {
  Range x, y;
  for (const Curve& curve : chart.curves) {
    for (const auto& [a, b] : curve.points) {
      x.take(a);
      y.take(b);
    }
  }
  if (!(x.low <= x.high)) return document(width, height, chart.title, "");
  std::string body = axes(chart, x, y);
  const std::size_t count = chart.curves.size();
  for (std::size_t i = 0; i < count; ++i) {
    const char* color = colors[i % std::size(colors)];
    std::string points;
    for (const auto& [a, b] : chart.curves[i].points) {
      points += fmt::format("{:.1f},{:.1f} ", across(x, a), down(y, b));
    }
    body += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" points=\"{}\"/>\n", color,
                        points);
    if (count < 2 || count > std::size(colors)) continue;
    const double line = top + 14 * static_cast<double>(i) + 6;
    body += fmt::format("<path d=\"M{:g} {:g}h18\" stroke=\"{}\" stroke-width=\"3\"/>\n", width - right - 90,
                        line, color);
    body += text_at(width - right - 66, line + 4, "start", chart.curves[i].name);
  }
  return document(width, height, chart.title, body);
}

std::string weight_picture(const std::vector<double>& weights, std::int64_t rows, std::int64_t columns,
                           const std::vector<std::string>& row_names) {
  constexpr double cell = 26;
  const double names = row_names.empty() ? 10 : 90;
  double largest = 1e-12;
  for (const double w : weights) largest = std::max(largest, std::abs(w));
  std::string body;
  for (std::int64_t c = 0; c < columns; ++c) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const double w = weights[static_cast<std::size_t>(r * columns + c)];
      const double side = (cell - 4) * std::sqrt(std::abs(w) / largest);
      const double x = 10 + cell * (static_cast<double>(r) + 0.5),
                   y = names + cell * (static_cast<double>(c) + 0.5);
      body += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" "
          "stroke=\"#222\"><title>{:.3g}</title></rect>\n",
          x - side / 2, y - side / 2, side, side, w > 0 ? "#222" : "white", w);
    }
  }
  for (std::size_t r = 0; r < row_names.size(); ++r) {
    body += fmt::format("<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" fill=\"#222\">{}</text>\n",
                        14 + cell * (static_cast<double>(r) + 0.5), names - 6, escaped(row_names[r]));
  }
  const double w = 20 + cell * static_cast<double>(rows),
               h = names + 10 + cell * static_cast<double>(columns);
  return document(w, h, fmt::format("Weights; the largest has magnitude {:.3g}; filled: positive", largest),
                  body);
}

}  // namespace cli::reproduce
