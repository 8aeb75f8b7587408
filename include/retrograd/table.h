// A table: named columns of numbers or text, and its reading from CSV. What a network sees of it
// (standardised numbers, one-hot categories) is made by the encoder, <retrograd/encoder.h>.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// One column. Either numbers or text; the other vectors are empty.
struct Column {
  static constexpr std::int32_t missing = -1;

  std::string name;
  bool is_text = false;
  std::vector<double> numbers;      // [rows], NaN where the value is missing
  std::vector<std::int32_t> codes;  // [rows], places in `words`, `missing` where the value is missing
  std::vector<std::string> words;   // the distinct texts in order of first appearance

  bool is_missing(std::int64_t row) const;
  // The cell as text: the word, the number in its shortest form that reads back the same, "" where missing.
  std::string text(std::int64_t row) const;
};

struct Table {
  std::string name;    // the path, for messages
  std::string sha256;  // of the file's bytes, 64 hexadecimal digits
  std::vector<Column> columns;
  std::vector<std::int64_t> lines;  // [rows], the line of the file where the row starts, counted from 1
  std::vector<std::string>
      notices;  // what a user should know, in whole sentences: a column read as text because ...

  std::int64_t rows() const { return static_cast<std::int64_t>(lines.size()); }
  // The place of a column, -1 where there is none.
  int find(std::string_view column) const;
  // Throws Error(argument) with "did you mean" for an unknown name.
  const Column& operator[](std::string_view column) const;
  std::vector<std::string> names() const;
};

struct CsvOptions {
  char separator = '\0';  // ',', ';' or '\t'; '\0': the most frequent of them in the header line
  std::vector<std::string>
      text_columns;  // read as text even where every value is a number; unknown names are allowed
};

// Reads a CSV file with a header line (RFC 4180; a byte order mark and CRLF are accepted, empty lines
// skipped, blanks around a field outside its quotes dropped). A column is numbers where every value is a
// number or missing, else text. Missing is: empty, NA, N/A, NaN, nan, NAN, null, NULL. An unnamed column is
// called column_<place>. The file's bytes are held in memory while it is read. Throws Error(data), naming
// file and line: missing or empty file, no rows, a row with more or fewer fields than the header, an unclosed
// quote, text after a closing quote, a column name that stands twice, an infinite number in a column of
// numbers, text that is not UTF-8.
Table read_csv(const std::string& path, const CsvOptions& options = {});

// The same from bytes in memory; `name` stands for the path in messages.
Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options = {});

// The text as one CSV field: in quotes, inner quotes doubled, where it has to be.
std::string csv_field(std::string_view text, char separator = ',');

}  // namespace retrograd::data
