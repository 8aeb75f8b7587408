// Which columns are the target, and what is learned from them: classes, numbers or labels.
#include <retrograd/encoder.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/fail.h"
#include "data/labels.h"

namespace retrograd::data {
namespace {

constexpr std::size_t most_integer_classes = 20;

// The whole text as one name, else its parts between commas.
std::vector<int> find_columns(const Table& table, std::string_view text) {
  if (const int whole = table.find(text); whole >= 0) return {whole};

  std::vector<int> columns;
  while (true) {
    const std::size_t comma = text.find(',');
    const Column& column = table[text.substr(0, comma)];
    columns.push_back(static_cast<int>(&column - table.columns.data()));
    if (std::count(columns.begin(), columns.end(), columns.back()) > 1) {
      fail(ErrorKind::argument, "target: the column \"{}\" is named twice", column.name);
    }
    if (comma == std::string_view::npos) return columns;
    text.remove_prefix(comma + 1);
  }
}

bool has_few_integers(const Column& column) {
  std::set<double> distinct;
  for (double number : column.numbers) {
    if (number != std::floor(number)) return false;
    distinct.insert(number);
    if (distinct.size() > most_integer_classes) return false;
  }
  return true;
}

void check_no_missing(const Table& table, const Column& column) {
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    if (column.is_missing(row)) {
      fail(ErrorKind::data, "{}: line {}: the target \"{}\" is missing; every row needs one", table.name,
           table.lines[static_cast<std::size_t>(row)], column.name);
    }
  }
}

void check_two_classes(const Table& table, const Column& column) {
  for (std::int64_t row = 1; row < table.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const bool differs =
        column.is_text ? column.codes[at] != column.codes[0] : column.numbers[at] != column.numbers[0];
    if (differs) return;
  }
  fail(ErrorKind::data, "{}: the target \"{}\" has only one class, \"{}\"; classification needs at least two",
       table.name, column.name, column.text(0));
}

// Labels that are the same in all rows teach nothing.
void check_labels(const Table& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int i : columns) names.push_back(table.columns[static_cast<std::size_t>(i)].name);
  const Column& first = table.columns[static_cast<std::size_t>(columns[0])];
  if (columns.size() == 1 && !first.is_text) {
    fail(ErrorKind::argument,
         "target: the column \"{}\" holds numbers; multi-label takes several columns of 0 and 1, or one that "
         "lists the labels of a row, as rain|wind",
         first.name);
  }
  const std::vector<std::string> labels = columns.size() == 1 ? labels_in(first) : names;
  const BufferPtr encoded =
      columns.size() == 1 ? encode_lists(table, first, labels) : encode_truths(table, names);
  const std::span<const float> all(encoded->as<float>(),
                                   static_cast<std::size_t>(table.rows()) * labels.size());
  for (std::size_t at = labels.size(); at < all.size(); ++at) {
    if (all[at] != all[at % labels.size()]) return;
  }
  fail(ErrorKind::data, "{}: all rows have the same labels in \"{}\"; there is nothing to learn", table.name,
       fmt::join(names, ","));
}

// Whether each cell of each column is a truth.
bool are_truths(const Table& table, const std::vector<int>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](int i) {
    const std::vector<std::int8_t> truths = truths_of(table.columns[static_cast<std::size_t>(i)]);
    return std::count(truths.begin(), truths.end(), std::int8_t{-1}) == 0;
  });
}

Task task_of(const Table& table, const std::vector<int>& columns) {
  const Column& first = table.columns[static_cast<std::size_t>(columns[0])];
  if (columns.size() > 1) return are_truths(table, columns) ? Task::multi_label : Task::regression;
  return first.is_text || has_few_integers(first) ? Task::classification : Task::regression;
}

}  // namespace

Target find_target(const Table& table, std::string_view columns, std::optional<Task> task) {
  Target target;
  if (!columns.empty()) {
    target.columns = find_columns(table, columns);
  } else if (task != Task::reconstruction) {
    target.columns = {static_cast<int>(table.columns.size()) - 1};
  }
  if (task == Task::reconstruction) {
    target.task = *task;
    return target;
  }
  const auto column = [&](int i) -> const Column& { return table.columns[static_cast<std::size_t>(i)]; };
  const bool several = target.columns.size() > 1;
  if (several || task != Task::multi_label) {  // an empty list has no label
    for (int i : target.columns) check_no_missing(table, column(i));
  }

  const Column& first = column(target.columns[0]);
  target.task = task ? *task : task_of(table, target.columns);
  if (target.task == Task::classification && several) {
    fail(ErrorKind::argument, "target: classification takes one column, got {}", target.columns.size());
  }
  if (target.task == Task::regression) {
    for (int i : target.columns) {
      if (column(i).is_text) {
        fail(ErrorKind::argument, "target: the column \"{}\" holds text (\"{}\"); regression needs numbers",
             column(i).name, column(i).text(0));
      }
    }
  } else if (target.task == Task::multi_label) {
    check_labels(table, target.columns);
  } else {
    check_two_classes(table, first);
  }
  return target;
}

}  // namespace retrograd::data
