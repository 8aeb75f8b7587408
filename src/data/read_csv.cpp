// From the fields of a CSV text to a table: the header, the types of the columns, the dictionaries of text
// columns.
#include <retrograd/table.h>

#include <algorithm>
#include <future>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "core/fail.h"
#include "data/column_builder.h"
#include "data/csv.h"
#include "data/file.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

// Numbers of some rows, row-major, before they go to their columns: writing a field of each of many columns
// in turn would touch a page of memory each.
class RowBlock {
 public:
  static constexpr std::size_t rows = 32;

  RowBlock(std::vector<ColumnBuilder>& builders, const std::string& file)
      : builders_(builders), file_(file), is_text_(builders.size()), numbers_(rows * builders.size()) {
    for (std::size_t i = 0; i < builders.size(); ++i) is_text_[i] = builders[i].is_text();
  }
  void add(std::span<const std::string_view> fields, std::int64_t line) {
    double* row = numbers_.data() + used_ * fields.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (is_text_[i] == 0 && read_value(fields[i], row[i]) == Value::number) continue;
      add_other(fields[i], i, line, row[i]);
    }
    if (++used_ == rows) flush();
  }
  void flush() {
    const std::size_t columns = builders_.size();
    for (std::size_t i = 0; i < columns; ++i) {
      if (is_text_[i] == 0) builders_[i].add_numbers(numbers_.data() + i, columns, used_);
    }
    used_ = 0;
  }
  void reserve(std::size_t expected) {
    for (ColumnBuilder& builder : builders_) builder.reserve(expected);
  }

 private:
  void add_other(std::string_view field, std::size_t i, std::int64_t line, double& number) {
    if (is_text_[i] == 0) {
      switch (read_value(field, number)) {
        case Value::missing:
          return;
        case Value::infinite:
          builders_[i].add_infinite(field, line);
          return;
        default:
          break;
      }
      builders_[i].add_numbers(numbers_.data() + i, builders_.size(), used_);
      builders_[i].become_text(field, line);
      is_text_[i] = 1;
    }
    builders_[i].add_text(field, line, file_);
  }

  std::vector<ColumnBuilder>& builders_;
  const std::string& file_;
  std::vector<char> is_text_;
  std::vector<double> numbers_;  // [rows, columns]
  std::size_t used_ = 0;
};

void check_names(const std::vector<std::string>& names, std::int64_t line, const std::string& file) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [found, is_new] = seen.emplace(names[i], i);
    if (!is_new) {
      fail(ErrorKind::data,
           "{}: line {}: the column name \"{}\" stands twice in the header, in fields {} and {}", file, line,
           names[i], found->second + 1, i + 1);
    }
    if (!is_utf8(names[i])) {
      fail(ErrorKind::data,
           "{}: line {}: the name of column {} is not UTF-8; convert the file, for example with "
           "iconv -f LATIN1 -t UTF-8",
           file, line, i + 1);
    }
  }
}

// The names of the header line; a notice where it looks like data.
std::vector<std::string> read_header(CsvReader& reader, Table& table) {
  if (!reader.next()) fail(ErrorKind::data, "{}: is empty; expected a header line and rows", table.name);
  std::vector<std::string> names;
  bool all_numbers = true;
  for (std::string_view field : reader.fields()) {
    if (field.find('\0') != std::string_view::npos) {
      fail(ErrorKind::data, "{}: is not a text file: line {} has a zero byte", table.name, reader.line());
    }
    double number;
    all_numbers = all_numbers && read_value(field, number) == Value::number;
    names.emplace_back(field.empty() ? fmt::format("column_{}", names.size() + 1) : std::string(field));
  }
  check_names(names, reader.line(), table.name);
  if (all_numbers) {
    table.notices.push_back(fmt::format("{}: line {} is taken as the header although it has only numbers.",
                                        table.name, reader.line()));
  }
  return names;
}

void check_width(const CsvReader& reader, std::size_t expected, const std::string& file) {
  if (reader.fields().size() != expected) {
    fail(ErrorKind::data, "{}: line {} has {} field{}; expected {} as in the header", file, reader.line(),
         reader.fields().size(), reader.fields().size() == 1 ? "" : "s", expected);
  }
}

// Fills the columns that turned out to be text after some of their numbers had been read.
void read_late_columns(CsvReader reader, std::vector<ColumnBuilder>& builders, const std::string& file) {
  std::vector<std::size_t> late;
  for (std::size_t i = 0; i < builders.size(); ++i) {
    if (builders[i].is_late()) late.push_back(i);
  }
  if (late.empty()) return;
  reader.next();  // the header
  while (reader.next()) {
    for (std::size_t i : late) builders[i].add_again(reader.fields()[i], reader.line(), file);
  }
}

// The rows of the whole, judged by the first ones, with a little to spare.
std::size_t expected_rows(std::size_t bytes, std::size_t remaining, std::size_t rows_so_far) {
  const double per_row = static_cast<double>(bytes - remaining) / static_cast<double>(rows_so_far);
  return static_cast<std::size_t>(1.05 * static_cast<double>(bytes) / per_row) + rows_so_far;
}

// The SHA-256 of a text, computed beside the reading of it where that is long enough to be worth a thread.
class Digest {
 public:
  explicit Digest(std::string_view bytes) : bytes_(bytes) {
    constexpr std::size_t worth_a_thread = std::size_t{1} << 20;
    if (bytes.size() < worth_a_thread) return;
    try {
      later_ = std::async(std::launch::async, [bytes] { return sha256_hex(bytes); });
    } catch (const std::system_error&) {  // no thread to be had
    }
  }
  std::string hex() { return later_.valid() ? later_.get() : sha256_hex(bytes_); }

 private:
  std::string_view bytes_;
  std::future<std::string> later_;
};

}  // namespace

Table parse_csv(std::string_view bytes, const std::string& name, const CsvOptions& options) {
  Table table;
  table.name = name;
  Digest digest(bytes);

  CsvReader reader(bytes, name, options.separator);
  const std::vector<std::string> names = read_header(reader, table);
  const auto& as_text = options.text_columns;
  std::vector<ColumnBuilder> builders;
  for (const std::string& column : names) {
    builders.emplace_back(column, std::find(as_text.begin(), as_text.end(), column) != as_text.end());
  }

  const std::size_t rows_start = reader.remaining();
  RowBlock block(builders, name);
  while (reader.next()) {
    check_width(reader, names.size(), name);
    block.add(reader.fields(), reader.line());
    table.lines.push_back(reader.line());
    if (table.lines.size() == RowBlock::rows) {
      block.reserve(expected_rows(rows_start, reader.remaining(), RowBlock::rows));
    }
  }
  block.flush();
  if (table.lines.empty()) fail(ErrorKind::data, "{}: has a header but no rows", name);

  read_late_columns(CsvReader(bytes, name, options.separator), builders, name);
  for (ColumnBuilder& builder : builders) table.columns.push_back(builder.finish(name, table.notices));
  table.sha256 = digest.hex();
  return table;
}

Table read_csv(const std::string& path, const CsvOptions& options) {
  return parse_csv(read_file(path), path, options);
}

}  // namespace retrograd::data
