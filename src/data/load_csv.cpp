// From a CSV file to encoded parts.
#include <retrograd/folds.h>

#include <cmath>
#include <unordered_map>
#include <utility>

#include "core/fail.h"
#include "data/labels.h"
#include "data/read_table.h"
#include "data/value.h"
#include "data/windows.h"

namespace retrograd::data {
namespace {

// The class or group of each row, numbered in order of first appearance.
std::vector<std::int32_t> strata(const Column& column) {
  if (column.is_text) return column.codes;
  std::unordered_map<double, std::int32_t> seen;
  std::vector<std::int32_t> labels;
  for (double number : column.numbers) {
    labels.push_back(seen.emplace(number, static_cast<std::int32_t>(seen.size())).first->second);
  }
  return labels;
}

// Takes a column out of the table.
Column take_column(Table& table, const std::string& name) {
  const auto place = &table[name] - table.columns.data();
  Column column = std::move(table.columns[static_cast<std::size_t>(place)]);
  table.columns.erase(table.columns.begin() + place);
  return column;
}

[[noreturn]] void fail_cell(const Table& table, const Column& column, std::int64_t row, const char* what) {
  fail(ErrorKind::data, "{}: line {}: the {} \"{}\" is {}", table.name,
       table.lines[static_cast<std::size_t>(row)], what, column.name,
       column.is_missing(row) ? "missing; every row needs one"
                              : "\"" + column.text(row) + "\"; expected a number of at least 0");
}

std::vector<float> take_weights(Table& table, const std::string& name) {
  std::vector<float> weights;
  if (name.empty()) return weights;
  const Column column = take_column(table, name);
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const double weight = column.is_text ? -1 : column.numbers[static_cast<std::size_t>(row)];
    if (column.is_missing(row) || !(weight >= 0)) fail_cell(table, column, row, "weight");
    weights.push_back(static_cast<float>(weight));
  }
  return weights;
}

std::vector<std::int32_t> take_groups(Table& table, const std::string& name) {
  if (name.empty()) return {};
  const Column column = take_column(table, name);
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    if (column.is_missing(row)) fail_cell(table, column, row, "group");
  }
  return strata(column);
}

// With the types of the columns that a trained network knows.
CsvOptions csv_options(const LoadOptions& options) {
  CsvOptions csv = options.csv;
  if (!options.encoder) return csv;
  csv.text_columns = options.encoder->text_columns();
  for (const Encoder::Feature& feature : options.encoder->features()) {
    if (feature.type == ColumnType::number || feature.type == ColumnType::category) continue;
    csv.types.emplace_back(feature.name, feature.type);
  }
  return csv;
}

// The columns that are needed as they are.
PackOptions pack_options(const LoadOptions& options) {
  const bool last = options.target.empty() && options.task != Task::reconstruction;
  PackOptions pack{.above = options.pack_above, .last = last, .memory = options.memory};
  for (const std::string& name : {options.weight, options.group, options.target}) {
    if (!name.empty()) pack.exact.push_back(name);
  }
  std::string_view target = options.target;
  for (std::size_t comma; (comma = target.find(',')) != target.npos; target.remove_prefix(comma + 1)) {
    pack.exact.emplace_back(target.substr(0, comma));
  }
  pack.exact.emplace_back(target);
  return pack;
}

Split split_rows(const Table& table, const Target& target, std::span<const std::int32_t> groups,
                 const LoadOptions& options) {
  if (!options.split_file.empty()) return read_split(options.split_file, table.rows());
  const SplitOptions fractions{options.test, options.validation, options.seed};
  if (options.windows.size > 0) return split_in_order(table.rows(), fractions);
  if (!groups.empty()) return split_by_group(groups, fractions);
  if (target.task != Task::classification) return split(table.rows(), fractions);
  return split(strata(table.columns[static_cast<std::size_t>(target.columns[0])]), fractions);
}

// Rows of weight 0 teach nothing and choose nothing.
void leave_out(const Table& table, std::span<const float> weights, Split& rows) {
  if (weights.empty()) return;
  const auto counts_nothing = [&](std::int64_t row) { return weights[static_cast<std::size_t>(row)] == 0; };
  std::erase_if(rows.train, counts_nothing);
  std::erase_if(rows.validation, counts_nothing);
  if (rows.train.empty())
    fail(ErrorKind::data, "{}: all rows of the training part have weight 0", table.name);
}

Split fold_of(const Table& table, const Target& target, std::int64_t folds, std::int64_t fold,
              const LoadOptions& options) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(table.rows()));
  if (target.task == Task::classification) {
    labels = strata(table.columns[static_cast<std::size_t>(target.columns[0])]);
  }
  return fold_split(labels, folds, fold, {.validation = options.validation, .seed = options.seed});
}

void check_windows(const LoadOptions& options) {
  if (options.windows.size == 0) return;
  if (options.task == Task::reconstruction) check_single_rows(options.windows);
  const char* other = !options.weight.empty()       ? "weight"
                      : !options.group.empty()      ? "group"
                      : !options.split_file.empty() ? "split file"
                                                    : nullptr;
  if (other == nullptr) return;
  fail(ErrorKind::argument,
       "{}: goes not with windows; a time series is split in order, and its rows count the same", other);
}

// Lists of labels that are taken as classes: each list one of its own.
void note_lists(Table& table, const Target& target) {
  if (target.task != Task::classification) return;
  const Column& column = table.columns[static_cast<std::size_t>(target.columns[0])];
  if (!column.is_text || !lists_labels(column)) return;
  table.notices.push_back(fmt::format(
      "\"{}\" has cells that list several labels, as rain|wind, and each list is a class of its own; "
      "the task multi-label learns the labels",
      column.name));
}

// Encodes the rows of the table that split(table, target, groups) gives for each part.
template <typename F>
Parts load(const std::string& path, const LoadOptions& options, F split) {
  check_windows(options);
  Table table = read_table(path, csv_options(options), pack_options(options));
  const std::vector<float> weights = take_weights(table, options.weight);
  const std::vector<std::int32_t> groups = take_groups(table, options.group);
  if (table.columns.empty()) {
    fail(ErrorKind::data, "{}: has no column beside weights and groups", table.name);
  }
  const Target target = find_target(table, options.target, options.task);
  Split rows = split(table, target, groups);
  leave_out(table, weights, rows);
  note_lists(table, target);
  if (options.windows.size > 0) note_order_of_dates(table);
  Encoder encoder = Encoder::fit(table, target, rows.train, options.windows);
  if (options.encoder) encoder.go_on_from(*options.encoder);
  encoder.set_form({options.csv.separator, options.csv.header});
  if (!options.standardise_targets) encoder.keep_target_units();
  Dataset all = encoder.encode(table);
  if (options.windows.size > 0) keep_whole_windows(rows, options.windows, table.name);
  if (!weights.empty()) all = all.with_weights(weights);
  // Of a large table memory counts: what is no longer needed goes.
  table = {};
  const auto take = [&](std::vector<std::int64_t>& part) {
    Dataset taken = all.subset(part);
    part = {};
    return taken;
  };
  Dataset train = take(rows.train), validation = take(rows.validation), test = take(rows.test);
  return {std::move(train), std::move(validation), std::move(test), std::move(encoder)};
}

}  // namespace

Parts as_reconstruction(const Parts& parts) {
  return {parts.train.as_reconstruction(), parts.validation.as_reconstruction(),
          parts.test.as_reconstruction(), parts.encoder.as_reconstruction()};
}

Parts load_csv(const std::string& path, const LoadOptions& options) {
  return load(path, options, [&](const Table& table, const Target& target, const auto& groups) {
    return split_rows(table, target, groups, options);
  });
}

Parts load_fold(const std::string& path, std::int64_t folds, std::int64_t fold, const LoadOptions& options) {
  if (!options.group.empty()) fail(ErrorKind::argument, "group: folds cannot keep groups together");
  if (options.windows.size > 0) {
    fail(ErrorKind::argument,
         "cross-validation: folds of single rows would tear the windows of a time series");
  }
  return load(path, options, [&](const Table& table, const Target& target, const auto&) {
    return fold_of(table, target, folds, fold, options);
  });
}

Dataset load_csv(const std::string& path, const Encoder& encoder, Targets targets,
                 std::optional<std::int64_t> memory) {
  CsvOptions options = encoder.csv_options();
  PackOptions pack{.above = LoadOptions().pack_above, .memory = memory};
  for (const Encoder::TargetColumn& target : encoder.targets()) pack.exact.push_back(target.name);
  if (targets == Targets::ignored) options.only.resize(encoder.features().size());
  const Table table = read_table(path, options, pack);
  return targets == Targets::wanted ? encoder.encode(table) : encoder.encode_inputs(table);
}

}  // namespace retrograd::data
