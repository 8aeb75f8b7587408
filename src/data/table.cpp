// Columns by name, cells as text. Reading a table from a file: read_csv.cpp.
#include <retrograd/table.h>

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "core/suggest.h"
#include "data/date.h"
#include "data/value.h"

namespace retrograd::data {

namespace {

constexpr std::pair<ColumnType, const char*> type_names[] = {{ColumnType::number, "number"},
                                                             {ColumnType::category, "category"},
                                                             {ColumnType::date, "date"},
                                                             {ColumnType::text, "text"}};

}  // namespace

const char* name(ColumnType type) {
  for (const auto& [known, text] : type_names) {
    if (known == type) return text;
  }
  return "";
}

ColumnType column_type(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& [type, text] : type_names) {
    if (text == name) return type;
    known.emplace_back(text);
  }
  fail(ErrorKind::argument, "type: \"{}\" is no type of a column;{} known are {}", name, suggest(name, known),
       fmt::join(known, ", "));
}

bool Column::is_missing(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return is_text ? codes[at] == missing : std::isnan(numbers[at]);
}

std::string Column::text(std::int64_t row) const {
  if (is_missing(row)) return "";
  const auto at = static_cast<std::size_t>(row);
  if (is_text) return words[static_cast<std::size_t>(codes[at])];
  return type == ColumnType::date ? date_text(numbers[at]) : number_text(numbers[at]);
}

int Table::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return static_cast<int>(i);
  }
  return -1;
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> result;
  for (const Column& column : columns) result.push_back(column.name);
  return result;
}

const Column& Table::operator[](std::string_view column) const {
  const int found = find(column);
  if (found >= 0) return columns[static_cast<std::size_t>(found)];

  const std::vector<std::string> known = names();
  std::string remedy = suggest(column, known);
  if (remedy.empty()) {
    constexpr std::size_t shown = 20;
    remedy = " its columns are";
    for (std::size_t i = 0; i < std::min(shown, known.size()); ++i) {
      remedy += fmt::format("{} \"{}\"", i == 0 ? "" : ",", known[i]);
    }
    if (known.size() > shown) remedy += fmt::format(" and {} more", known.size() - shown);
  }
  fail(ErrorKind::argument, "{} has no column \"{}\":{}", name, column, remedy);
}

std::string csv_field(std::string_view text, char separator) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  const bool plain = text.find_first_of("\"\r\n") == std::string_view::npos &&
                     text.find(separator) == std::string_view::npos &&
                     (text.empty() || (!blank(text.front()) && !blank(text.back())));
  if (plain) return std::string(text);
  std::string field = "\"";
  for (char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace retrograd::data
