// Numbers, lines and tables of the text form, at most 80 columns wide.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retrograd::explain {

inline constexpr std::size_t page_width = 80;
inline constexpr std::size_t number_width = 12;

// At most number_width characters: nine decimals where that shows five digits or more ("0.000438568"), fewer
// for numbers from 10, else with an exponent ("1.23457e-07").
std::string number(double value);

// Words in lines of the page; the first line starts with `first`, the others with `indent` blanks.
std::string wrapped(std::string_view first, std::string_view words, std::size_t indent);

// At most `most` bytes of a name, with "..." where it is cut; UTF-8 characters stay whole.
std::string clipped(std::string_view name, std::size_t most);

std::string heading(std::string_view title);

// Right-aligned columns under headers after a left-aligned name; a mark may stand behind a row.
class Table {
 public:
  explicit Table(std::vector<std::string> headers) : headers_(std::move(headers)) {}
  void add(std::vector<std::string> cells, std::string_view mark = "");
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string mark;
  };
  std::vector<std::string> headers_;
  std::vector<Row> rows_;
};

}  // namespace retrograd::explain
