// From a CSV file to encoded parts.
#include <retrograd/folds.h>

#include <unordered_map>
#include <utility>

namespace retrograd::data {
namespace {

// The class of each row, numbered in order of first appearance: all that a stratified split needs.
std::vector<std::int32_t> strata(const Column& column) {
  if (column.is_text) return column.codes;
  std::unordered_map<double, std::int32_t> seen;
  std::vector<std::int32_t> labels;
  for (double number : column.numbers) {
    labels.push_back(seen.emplace(number, static_cast<std::int32_t>(seen.size())).first->second);
  }
  return labels;
}

Split split_of(const Table& table, const Target& target, const LoadOptions& options) {
  if (!options.split_file.empty()) return read_split(options.split_file, table.rows());
  const SplitOptions fractions{options.test, options.validation, options.seed};
  const Column& first = table.columns[static_cast<std::size_t>(target.columns[0])];
  return target.task == Task::classification ? split(strata(first), fractions)
                                             : split(table.rows(), fractions);
}

Split fold_of(const Table& table, const Target& target, std::int64_t folds, std::int64_t fold,
              const LoadOptions& options) {
  const Column& first = table.columns[static_cast<std::size_t>(target.columns[0])];
  const std::vector<std::int32_t> labels =
      target.task == Task::classification ? strata(first)
                                          : std::vector<std::int32_t>(static_cast<std::size_t>(table.rows()));
  return fold_split(labels, folds, fold, {.validation = options.validation, .seed = options.seed});
}

// Encodes the rows of the table that split(table, target) gives for each part.
template <typename F>
Parts load(const std::string& path, const LoadOptions& options, F split) {
  const std::vector<std::string> texts =
      options.encoder ? options.encoder->text_columns() : std::vector<std::string>();
  const Table table = read_csv(path, {.separator = options.separator, .text_columns = texts});
  const Target target = find_target(table, options.target, options.task);
  const Split rows = split(table, target);
  Encoder encoder = Encoder::fit(table, target, rows.train);
  if (options.encoder) encoder.go_on_from(*options.encoder);
  if (!options.standardise_targets) encoder.keep_target_units();
  const Dataset all = encoder.encode(table);
  return {all.subset(rows.train), all.subset(rows.validation), all.subset(rows.test), std::move(encoder)};
}

}  // namespace

Parts load_csv(const std::string& path, const LoadOptions& options) {
  return load(path, options,
              [&](const Table& table, const Target& target) { return split_of(table, target, options); });
}

Parts load_fold(const std::string& path, std::int64_t folds, std::int64_t fold, const LoadOptions& options) {
  return load(path, options, [&](const Table& table, const Target& target) {
    return fold_of(table, target, folds, fold, options);
  });
}

Dataset load_csv(const std::string& path, const Encoder& encoder, Targets targets) {
  const Table table = read_csv(path, {.text_columns = encoder.text_columns()});
  return targets == Targets::wanted ? encoder.encode(table) : encoder.encode_inputs(table);
}

}  // namespace retrograd::data
