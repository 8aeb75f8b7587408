// Counting what a table holds. What is suspicious about it: describe_warnings.cpp.
#include <retrograd/describe.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>

#include "core/fail.h"
#include "data/describe_warnings.h"
#include "data/packed_inputs.h"

namespace retrograd::data {
namespace {

void describe_numbers(const std::vector<double>& numbers, ColumnDescription& description) {
  std::unordered_set<double> distinct;
  std::int64_t count = 0;
  double mean = 0, squares = 0;  // Welford 1962
  description.min = description.max = NAN;
  for (const double x : numbers) {
    if (std::isnan(x)) continue;
    distinct.insert(x);
    const double step = x - mean;
    mean += step / static_cast<double>(++count);
    squares += step * (x - mean);
    description.min = std::fmin(description.min, x);
    description.max = std::fmax(description.max, x);
  }
  description.missing = static_cast<std::int64_t>(numbers.size()) - count;
  description.distinct = static_cast<std::int64_t>(distinct.size());
  description.mean = count > 0 ? mean : NAN;
  description.deviation = count > 0 ? std::sqrt(squares / static_cast<double>(count)) : NAN;
}

void describe_text(const Column& column, ColumnDescription& description) {
  constexpr std::size_t shown = 5;
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (const std::string& word : column.words) counts.emplace_back(word, 0);
  for (const std::int32_t code : column.codes) {
    if (code == Column::missing) {
      ++description.missing;
    } else {
      ++counts[static_cast<std::size_t>(code)].second;
    }
  }
  description.distinct = static_cast<std::int64_t>(counts.size());
  const std::size_t kept = std::min(shown, counts.size());
  std::partial_sort(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(kept), counts.end(),
                    [](const auto& a, const auto& b) {
                      return a.second != b.second ? a.second > b.second : a.first < b.first;
                    });
  counts.resize(kept);
  description.top = std::move(counts);
}

std::int64_t count_duplicates(const Table& table) {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(table.rows()), 0);
  for (const Column& column : table.columns) {
    const std::vector<double> cells = cells_of(column);
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const double cell = std::isnan(cells[row]) ? NAN : cells[row] + 0.0;
      std::uint64_t mixed = hashes[row] * 0x9E3779B97F4A7C15 + std::bit_cast<std::uint64_t>(cell);
      mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;  // splitmix64
      mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
      hashes[row] = mixed ^ mixed >> 31;
    }
  }
  std::sort(hashes.begin(), hashes.end());
  const auto distinct = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return table.rows() - distinct;
}

}  // namespace

TableDescription describe(const Table& table, std::string_view target, std::optional<Task> task) {
  TableDescription description;
  description.rows = table.rows();
  description.duplicates = count_duplicates(table);
  for (const Column& column : table.columns) {
    ColumnDescription of{.name = column.name, .type = column.type};
    if (column.is_text) {
      describe_text(column, of);
    } else {
      describe_numbers(column.numbers, of);
    }
    description.columns.push_back(std::move(of));
  }
  try {
    const Target found = find_target(table, target, task);
    for (const int i : found.columns) {
      description.target +=
          (description.target.empty() ? "" : ",") + table.columns[static_cast<std::size_t>(i)].name;
    }
    description.task = found.task;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::argument) throw;
    description.warnings.push_back(error.what());
  }
  add_warnings(table, description);
  return description;
}

}  // namespace retrograd::data
