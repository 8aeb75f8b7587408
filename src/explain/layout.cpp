// Layout.
#include "explain/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace retrograd::explain {

std::string number(double value) {
  const double size = std::abs(value);
  if (value == 0) return "0.000000000";  // also for -0
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (size < 1e-5 || size >= 1e9) return fmt::format("{:.5e}", value);
  const int whole = size < 10 ? 1 : 1 + static_cast<int>(std::log10(size));  // digits before the point
  return fmt::format("{:.{}f}", value, 10 - whole);
}

std::string wrapped(std::string_view first, std::string_view words, std::size_t indent) {
  std::string text;
  std::string line(first);
  bool fresh = true;
  while (!words.empty()) {
    const std::size_t blank = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, blank);
    words.remove_prefix(std::min(blank + 1, words.size()));
    if (!fresh && line.size() + 1 + word.size() > page_width) {
      text += line + "\n";
      line.assign(indent, ' ');
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
  }
  return text + line + "\n";
}

std::string clipped(std::string_view name, std::size_t most) {
  if (name.size() <= most) return std::string(name);
  std::size_t end = most - 3;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // inside a character
  return std::string(name.substr(0, end)) + "...";
}

std::string heading(std::string_view title) {
  return fmt::format("\n{}\n{}\n", title, std::string(title.size(), '-'));
}

void Table::add(std::vector<std::string> cells, std::string_view mark) {
  rows_.push_back({std::move(cells), std::string(mark)});
}

std::string Table::text() const {
  std::vector<std::size_t> width(headers_.size(), number_width);
  width[0] = headers_[0].size();
  for (const Row& row : rows_) width[0] = std::max(width[0], row.cells[0].size());
  const auto line = [&](const std::vector<std::string>& cells, std::string_view mark) {
    std::string text = fmt::format("  {:<{}}", cells[0], width[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) text += fmt::format(" {:>{}}", cells[i], width[i]);
    if (!mark.empty()) text += fmt::format(" {}", mark);
    return text + "\n";
  };
  std::string text = line(headers_, "");
  for (const Row& row : rows_) text += line(row.cells, row.mark);
  return text;
}

}  // namespace retrograd::explain
