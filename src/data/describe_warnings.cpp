// Constant columns, numbers of rows, dates and sentences read as categories, duplicates, rare classes.
#include "data/describe_warnings.h"

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "data/date.h"
#include "data/labels.h"
#include "data/words.h"

namespace retrograd::data {
namespace {

constexpr std::int64_t enough_rows = 20;  // to tell an identifier from chance

bool are_dates(const Column& column) {
  double days = 0;
  return std::all_of(column.words.begin(), column.words.end(),
                     [&](const std::string& word) { return read_date(word, days) == Value::number; });
}

double words_in_mean(const Column& column) {
  std::size_t words = 0;
  for (const std::string& word : column.words) words += words_of(word).size();
  return static_cast<double>(words) / static_cast<double>(column.words.size());
}

// Each row has the number after that of the row before.
bool counts_rows(const Column& column) {
  for (std::size_t row = 1; row < column.numbers.size(); ++row) {
    if (column.numbers[row] != column.numbers[row - 1] + 1) return false;
  }
  return !column.numbers.empty() && column.numbers[0] == std::floor(column.numbers[0]);
}

// What is wrong with an input; empty where nothing is.
std::string fault_of_text(const Column& column, const ColumnDescription& of, std::int64_t rows) {
  const std::string& name = of.name;
  if (are_dates(column)) return fmt::format("holds dates; read it as such: --type \"{}=date\".", name);
  if (of.distinct > static_cast<std::int64_t>(Encoder::most_categories) && words_in_mean(column) >= 3) {
    return fmt::format("holds sentences; read it as words: --type \"{}=text\".", name);
  }
  if (rows >= enough_rows && of.distinct == rows) {
    return fmt::format("has another text in each row, as an identifier has; leave it out: --ignore \"{}\".",
                       name);
  }
  if (of.distinct > static_cast<std::int64_t>(Encoder::most_categories)) {
    return fmt::format("has {} categories; all but the {} most frequent are one, \"other\".", of.distinct,
                       Encoder::most_categories);
  }
  return "";
}

std::string fault_of(const Column& column, const ColumnDescription& of, std::int64_t rows) {
  if (of.distinct == 0) return "is empty; it says nothing.";
  if (of.distinct == 1 && of.missing == 0) return "is constant; it says nothing.";
  if (column.type == ColumnType::category) return fault_of_text(column, of, rows);
  if (column.type == ColumnType::number && rows >= enough_rows && counts_rows(column)) {
    return fmt::format("counts the rows; leave it out: --ignore \"{}\".", of.name);
  }
  if (2 * of.missing > rows) {
    return fmt::format("is missing in {:.0f} % of the rows.",
                       100 * static_cast<double>(of.missing) / static_cast<double>(rows));
  }
  return "";
}

void warn_of_rare_classes(const Table& table, TableDescription& description) {
  const int place = table.find(description.target);
  if (description.task != Task::classification || place < 0) return;
  const Column& column = table.columns[static_cast<std::size_t>(place)];
  if (column.is_text && lists_labels(column)) {
    description.warnings.push_back(fmt::format(
        "The target \"{}\" lists labels, as rain|wind, and each list is taken as a class; learn the "
        "labels by --task multi-label.",
        description.target));
  }
  std::vector<std::string> texts;
  for (std::int64_t row = 0; row < table.rows(); ++row) texts.push_back(column.text(row));
  std::sort(texts.begin(), texts.end());
  std::int64_t alone = 0;
  for (auto first = texts.begin(); first != texts.end();) {
    const auto last = std::upper_bound(first, texts.end(), *first);
    alone += last - first == 1 ? 1 : 0;
    first = last;
  }
  if (alone == 0) return;
  description.warnings.push_back(
      fmt::format("The target \"{}\" has {} {} with a single row, which cannot be tested.",
                  description.target, alone, alone == 1 ? "class" : "classes"));
}

}  // namespace

void add_warnings(const Table& table, TableDescription& description) {
  if (description.duplicates > 0) {
    description.warnings.push_back(
        fmt::format("{} {} an earlier row; if they are the same observations, "
                    "the test part is not independent of the training part.",
                    description.duplicates, description.duplicates == 1 ? "row repeats" : "rows repeat"));
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.name == description.target) continue;
    const std::string fault = fault_of(column, description.columns[i], description.rows);
    if (!fault.empty()) description.warnings.push_back(fmt::format("Column \"{}\" {}", column.name, fault));
  }
  warn_of_rare_classes(table, description);
}

}  // namespace retrograd::data
