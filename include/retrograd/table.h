// A table: named columns of numbers or text, and its reading from CSV. What a network sees of it
// (standardised numbers, one-hot categories) is made by the encoder, <retrograd/encoder.h>.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::data {

// What a column holds: numbers; names, of which a row has one; dates, as days since 1970-01-01 with the time
// of day as a fraction; text of many words.
enum class ColumnType { number, category, date, text };
// "number" and so on.
const char* name(ColumnType type);
// Throws Error(argument) for an unknown one ("did you mean").
ColumnType column_type(std::string_view name);

class PackedRows;

// One column. Either numbers (also of dates) or text; the other vectors are empty.
struct Column {
  static constexpr std::int32_t missing = -1;

  std::string name;
  bool is_text = false;  // of a category and of text
  ColumnType type = ColumnType::number;
  std::vector<double> numbers;      // [rows], NaN where the value is missing
  std::vector<std::int32_t> codes;  // [rows], places in `words`, `missing` where the value is missing
  std::vector<std::string> words;   // the distinct texts in order of first appearance
  std::int64_t packed = -1;         // the place in Table::packed of a column that has no numbers nor codes

  bool is_missing(std::int64_t row) const;
  // The cell as text: the word, the number in its shortest form that reads back the same, the date as
  // 2024-05-31 or 2024-05-31 17:30:00, "" where missing.
  std::string text(std::int64_t row) const;
};

struct Table {
  std::string name;    // the path, for messages
  std::string sha256;  // of the file's bytes, 64 hexadecimal digits
  std::vector<Column> columns;
  std::vector<std::int64_t> lines;  // [rows], the line of the file where the row starts, counted from 1
  std::vector<std::string>
      notices;  // what a user should know, in whole sentences: a column read as text because ...

  std::shared_ptr<const PackedRows> packed;  // cells of a large table, see LoadOptions::pack_above; else null

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
      text_columns;    // read as text even where every value is a number; unknown names are allowed
  bool header = true;  // false: the first line is a row, and columns are called c1, c2, ...
  std::vector<std::pair<std::string, ColumnType>> types;  // of columns, instead of what is found
  std::vector<std::string> ignore;                        // columns that are left out
  std::vector<std::string> only;  // if there are any, all others are left out; unknown names are allowed,
                                  // in `types` too
};

// Reads a CSV file with a header line (RFC 4180; a byte order mark and CRLF are accepted, empty lines
// skipped, blanks around a field outside its quotes dropped). A column is numbers where every value is a
// number or missing, else text. Missing is: empty, NA, N/A, NaN, nan, NAN, null, NULL. An unnamed column is
// called column_<place>. The file's bytes are held in memory while it is read. Pieces are read by all
// threads; the table does not depend on their number. Throws Error(data), naming file and line: missing or
// empty file, no rows, a row with more or fewer fields than the header, an unclosed quote, text after a
// closing quote, a column name that stands twice, an infinite number in a column of numbers, text that is not
// UTF-8, a field that is not of the column's given type. Throws Error(argument) where `types` or `ignore`
// name an unknown column. The path "-" is the standard input.
Table read_csv(const std::string& path, const CsvOptions& options = {});

// The same from bytes in memory; `name` stands for the path in messages.
Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options = {});

// The text as one CSV field: in quotes, inner quotes doubled, where it has to be.
std::string csv_field(std::string_view text, char separator = ',');

}  // namespace retrograd::data
