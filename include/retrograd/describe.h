// What a table holds, column by column, before anything is learned from it.
#pragma once

#include <retrograd/encoder.h>
#include <retrograd/table.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retrograd::data {

struct ColumnDescription {
  std::string name;
  ColumnType type = ColumnType::number;
  std::int64_t missing = 0;
  std::int64_t distinct = 0;  // without missing ones
  // of numbers and dates, NaN where all are missing; dates as days since 1970
  double mean = 0;
  double deviation = 0;  // divided by n
  double min = 0;
  double max = 0;
  std::vector<std::pair<std::string, std::int64_t>> top;  // the five most frequent texts (ties by name)
};

struct TableDescription {
  std::int64_t rows = 0;
  std::int64_t duplicates = 0;  // rows that are equal to an earlier one, by a hash of 64 bits
  std::vector<ColumnDescription> columns;
  std::string target;                 // that `train` would take (see find_target); empty where it takes none
  Task task = Task::regression;       // of that
  std::vector<std::string> warnings;  // in whole sentences
};

// `target` and `task`: as in find_target; what is wrong with the data is a warning here. Throws
// Error(argument) for an unknown column, and for a task that the target is not made for.
TableDescription describe(const Table& table, std::string_view target = {}, std::optional<Task> task = {});

}  // namespace retrograd::data
