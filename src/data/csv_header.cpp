// The first row, and what options say of its columns.
#include "data/csv_header.h"

#include <algorithm>
#include <unordered_map>

#include "core/fail.h"
#include "core/suggest.h"
#include "data/csv.h"
#include "data/value.h"

namespace retrograd::data {
namespace {

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

// A header from the fields of the first row.
void name_columns(const std::vector<std::string>& fields, std::int64_t line, CsvLayout& layout,
                  std::vector<std::string>& notices) {
  bool all_numbers = true;
  for (const std::string& field : fields) {
    double number;
    all_numbers = all_numbers && read_value(field, number) == Value::number;
    layout.names.push_back(field.empty() ? fmt::format("column_{}", layout.names.size() + 1) : field);
  }
  check_names(layout.names, line, layout.name);
  if (all_numbers) {
    notices.push_back(
        fmt::format("{}: line {} is taken as the header although it has only numbers.", layout.name, line));
  }
}

// The place of a column that an option names.
std::size_t place_of(const std::string& column, const CsvLayout& layout, const char* option) {
  const auto found = std::find(layout.names.begin(), layout.names.end(), column);
  if (found == layout.names.end()) {
    fail(ErrorKind::argument, "{}: {} has no column \"{}\"{}{}", option, layout.name, column,
         suggest(column, layout.names).empty() ? "" : ":", suggest(column, layout.names));
  }
  return static_cast<std::size_t>(found - layout.names.begin());
}

CellKind kind_of(ColumnType type) {
  switch (type) {
    case ColumnType::number:
      return CellKind::number;
    case ColumnType::date:
      return CellKind::date;
    case ColumnType::category:
    case ColumnType::text:
      return CellKind::text;
  }
  return CellKind::automatic;
}

void set_kinds(const CsvOptions& options, CsvLayout& layout) {
  layout.kinds.assign(layout.names.size(), CellKind::automatic);
  for (std::size_t i = 0; i < layout.names.size(); ++i) {
    const auto names = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), layout.names[i]) != list.end();
    };
    if (names(options.text_columns)) layout.kinds[i] = CellKind::text;
    if (!options.only.empty() && !names(options.only)) layout.kinds[i] = CellKind::ignored;
  }
  for (const auto& [column, type] : options.types) {
    const bool there = std::find(layout.names.begin(), layout.names.end(), column) != layout.names.end();
    if (!there && !options.only.empty()) continue;
    layout.kinds[place_of(column, layout, "type")] = kind_of(type);
  }
  for (const std::string& column : options.ignore) {
    layout.kinds[place_of(column, layout, "ignore")] = CellKind::ignored;
  }
  const auto ignored = std::count(layout.kinds.begin(), layout.kinds.end(), CellKind::ignored);
  if (options.only.empty() && static_cast<std::size_t>(ignored) == layout.names.size()) {
    fail(ErrorKind::argument, "ignore: all {} columns of {} are ignored", layout.names.size(), layout.name);
  }
}

}  // namespace

CsvHeader read_header(TextPieces& text, const std::string& name, const CsvOptions& options, CsvLayout& layout,
                      std::vector<std::string>& notices) {
  layout.name = name;
  layout.has_header = options.header;
  text.rewind();
  Piece piece;
  while (text.next(piece)) {
    CsvReader reader(piece.text, name, text.separator(), piece.first_line);
    if (!reader.next_row()) continue;
    layout.separator = text.separator();
    const auto row_offset = static_cast<std::int64_t>(reader.row_offset());
    const std::vector<std::string> fields = reader.rest();
    for (const std::string& field : fields) {
      if (field.find('\0') == std::string::npos) continue;
      fail(ErrorKind::data, "{}: is not a text file: line {} has a zero byte", name, reader.line());
    }
    CsvHeader header{piece.offset + row_offset};
    if (options.header) {
      name_columns(fields, reader.line(), layout, notices);
      header.end = piece.offset + static_cast<std::int64_t>(piece.text.size() - reader.unread().size());
    } else {
      for (std::size_t i = 0; i < fields.size(); ++i) layout.names.push_back(fmt::format("c{}", i + 1));
    }
    set_kinds(options, layout);
    return header;
  }
  fail(ErrorKind::data, "{}: is empty; expected {}", name,
       options.header ? "a header line and rows" : "rows");
}

}  // namespace retrograd::data
