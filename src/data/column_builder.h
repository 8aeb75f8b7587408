// What the reading of a table collects for one column: numbers, or text with its dictionary.
#pragma once

#include <retrograd/table.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retrograd::data {

// Holds numbers until a field is text. If a number was among the fields before, its text is lost: the column
// is late, and all its fields have to be added again. `line` and `file` are for messages.
class ColumnBuilder {
 public:
  ColumnBuilder(std::string name, bool as_text);

  bool is_text() const { return column_.is_text; }
  bool is_late() const { return late_; }
  void reserve(std::size_t rows);

  // To a column of numbers: `count` of them, each `step` after the last, NaN where missing.
  void add_numbers(const double* numbers, std::size_t step, std::size_t count);
  // Notes that the number that is added as NaN is infinite: an error unless the column turns out to be text.
  void add_infinite(std::string_view field, std::int64_t line);
  // From here on the column is text; the field itself is added next.
  void become_text(std::string_view field, std::int64_t line);
  // To a column of text that is not late. Throws Error(data) for text that is not UTF-8.
  void add_text(std::string_view field, std::int64_t line, const std::string& file);
  // To a late column, from the first row on.
  void add_again(std::string_view field, std::int64_t line, const std::string& file);
  // Throws Error(data) for an infinite number in a column of numbers.
  Column finish(const std::string& file, std::vector<std::string>& notices);

 private:
  struct Place {
    std::int64_t line = 0;
    std::string text;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void encode(std::string_view field, std::int64_t line, const std::string& file);

  Column column_;
  bool late_ = false;
  bool has_numbers_ = false;
  std::optional<Place> infinite_;
  Place first_text_;
  std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> codes_;  // of column_.words
};

}  // namespace retrograd::data
