// Rows and fields of a CSV text, one row at a time. What the fields mean is not found here: see value.h,
// table.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// The bytes must outlive the reader.
class CsvReader {
 public:
  // Skips a byte order mark. `separator` '\0' detects it in the first line, see CsvOptions.
  CsvReader(std::string_view bytes, std::string name, char separator);

  // Reads the next row that is not an empty line; false at the end. Throws Error(data) for a quote that is
  // never closed and for text after a closing quote.
  bool next();

  // Of the row last read. Valid until the next call of next().
  std::span<const std::string_view> fields() const { return {fields_.data(), field_count_}; }
  // The line where that row starts, counted from 1.
  std::int64_t line() const { return row_line_; }
  char separator() const { return separator_; }
  // Bytes that are still to be read.
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

 private:
  bool skip_empty_lines();
  std::string_view read_plain();
  std::string_view read_quoted();
  std::string& scratch();

  const char* at_;
  const char* end_;
  std::string name_;
  char separator_;
  std::int64_t line_ = 1;
  std::int64_t row_line_ = 1;
  std::vector<std::string_view> fields_;  // the first field_count_ are the row's
  std::size_t field_count_ = 0;
  std::deque<std::string> scratch_;  // fields with doubled quotes, unescaped
  std::size_t scratch_used_ = 0;
};

}  // namespace retrograd::data
