// From fields to cells.
#include "data/csv_chunk.h"

#include <cstring>
#include <limits>
#include <span>

#include "core/fail.h"
#include "data/csv.h"
#include "data/date.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

class ChunkParser {
 public:
  // `kinds`: those of the layout; a column that turned out to be text has become so.
  ChunkParser(const CsvLayout& layout, std::span<CellKind> kinds, Chunk& chunk)
      : layout_(layout),
        kinds_(kinds),
        chunk_(chunk),
        reader_(chunk.text, layout.name, layout.separator, chunk.first_line),
        has_numbers_(kinds.size(), 0),
        behind_(kinds.size()) {
    for (std::size_t i = 0; i < kinds.size(); ++i) has_numbers_[i] = chunk.columns[i].has_numbers ? 1 : 0;
    find_runs();
  }

  // False where a column became text after some of its numbers were read: all has to be read again.
  bool parse() {
    const std::size_t width = kinds_.size();
    chunk_.lines.clear();
    chunk_.offsets.clear();
    std::size_t used = 0;
    while (reader_.next_row()) {
      if (chunk_.cells.size() < used + width) chunk_.cells.resize(2 * chunk_.cells.size() + 64 * width);
      read_row(chunk_.cells.data() + used);
      used += width;
      chunk_.lines.push_back(reader_.line());
      chunk_.offsets.push_back(reader_.row_offset());
    }
    chunk_.cells.resize(used);
    for (std::size_t i = 0; i < width; ++i) chunk_.columns[i].has_numbers = has_numbers_[i] != 0;
    return !late_;
  }

 private:
  void read_row(double* row) {
    const std::size_t width = kinds_.size();
    for (std::size_t i = 0; i < width;) {
      if (!reader_.has_field()) fail_width(i);
      const std::size_t count = behind_[i] > i ? reader_.next_numbers(row + i, behind_[i] - i) : 0;
      if (count > 0) {
        std::memset(has_numbers_.data() + i, 1, count);
        i += count;
      } else {
        row[i] = read_cell(i, reader_.next_field());
        ++i;
      }
    }
    if (reader_.has_field()) fail_width(width + reader_.rest().size());
  }

  // Columns that may be numbers and lie side by side.
  void find_runs() {
    std::size_t behind = 0;
    for (std::size_t i = kinds_.size(); i-- > 0;) {
      if (kinds_[i] > CellKind::number) {
        behind = i;
      } else if (i + 1 == kinds_.size()) {
        behind = i + 1;
      }
      behind_[i] = behind;
    }
  }

  double read_cell(std::size_t i, std::string_view field) {
    switch (kinds_[i]) {
      case CellKind::ignored:
        return missing;
      case CellKind::text:
        return code_of(i, field);
      case CellKind::date:
        return read_date_cell(i, field);
      default:
        break;
    }
    ChunkColumn& column = chunk_.columns[i];
    double number;
    switch (read_value(field, number)) {
      case Value::number:
        has_numbers_[i] = 1;
        return number;
      case Value::missing:
        return missing;
      case Value::infinite:
        if (!column.infinite) column.infinite = Place{reader_.line(), std::string(field)};
        return missing;
      case Value::text:
        break;
    }
    if (kinds_[i] == CellKind::number) fail_cell(i, field, "a number");
    if (has_numbers_[i] != 0 || column.infinite) late_ = true;
    column.first_text = Place{reader_.line(), std::string(field)};
    kinds_[i] = CellKind::text;
    find_runs();
    column.is_text = true;
    return code_of(i, field);
  }

  double read_date_cell(std::size_t i, std::string_view field) {
    double days = missing;
    const Value value = read_date(field, days);
    if (value == Value::text) fail_cell(i, field, "a date such as 2024-05-31 or 2024-05-31 17:30");
    if (value == Value::number) has_numbers_[i] = 1;
    return days;
  }

  double code_of(std::size_t i, std::string_view field) {
    if (is_missing(field)) return missing;
    ChunkColumn& column = chunk_.columns[i];
    auto found = column.codes.find(field);
    if (found == column.codes.end()) {
      if (!is_utf8(field)) {
        fail(ErrorKind::data,
             "{}: line {}: column \"{}\" has text that is not UTF-8; convert the file, for example with "
             "iconv -f LATIN1 -t UTF-8",
             layout_.name, reader_.line(), layout_.names[i]);
      }
      found = column.codes.emplace(field, static_cast<std::int32_t>(column.words.size())).first;
      column.words.emplace_back(field);
    }
    return found->second;
  }

  [[noreturn]] void fail_cell(std::size_t i, std::string_view field, const char* expected) {
    fail(ErrorKind::data, "{}: line {}: column \"{}\" has \"{}\"; expected {}", layout_.name, reader_.line(),
         layout_.names[i], field.substr(0, 100), expected);
  }

  [[noreturn]] void fail_width(std::size_t fields) {
    fail(ErrorKind::data, "{}: line {} has {} field{}; expected {} as in the {}", layout_.name,
         reader_.line(), fields, fields == 1 ? "" : "s", kinds_.size(),
         layout_.has_header ? "header" : "first line");
  }

  const CsvLayout& layout_;
  std::span<CellKind> kinds_;
  Chunk& chunk_;
  CsvReader reader_;
  std::vector<char> has_numbers_;    // of columns: not 0 where a number was read
  std::vector<std::size_t> behind_;  // of columns: the first behind the run that they are in, or before them
  bool late_ = false;
};

void begin(std::span<const CellKind> kinds, Chunk& chunk) {
  std::vector<ChunkColumn> before = std::move(chunk.columns);
  chunk.columns.assign(kinds.size(), {});
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    chunk.columns[i].is_text = kinds[i] == CellKind::text;
    if (i < before.size()) {
      chunk.columns[i].has_numbers = before[i].has_numbers;
      chunk.columns[i].infinite = std::move(before[i].infinite);
      chunk.columns[i].first_text = std::move(before[i].first_text);
    }
  }
}

}  // namespace

void parse_chunk(const CsvLayout& layout, Chunk& chunk) noexcept {
  try {
    std::vector<CellKind> kinds = layout.kinds;
    chunk.columns.clear();
    chunk.error = nullptr;
    begin(kinds, chunk);
    if (ChunkParser(layout, kinds, chunk).parse()) return;
    begin(kinds, chunk);
    ChunkParser(layout, kinds, chunk).parse();
  } catch (...) {
    chunk.error = std::current_exception();
  }
}

}  // namespace retrograd::data
