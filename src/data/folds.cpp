// Folds of a cross-validation.
#include <retrograd/folds.h>

#include <algorithm>
#include <map>

#include "core/fail.h"
#include "data/random.h"

namespace retrograd::data {
namespace {

// The fold of each row, from 0: rows of one class after the other, each class in random order, are dealt out.
std::vector<std::int64_t> dealt(std::span<const std::int32_t> labels, std::int64_t folds,
                                std::uint64_t seed) {
  std::map<std::int32_t, std::vector<std::int64_t>> classes;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    classes[labels[row]].push_back(static_cast<std::int64_t>(row));
  }
  RandomWords random(seed, Purpose::split, 0);
  std::vector<std::int64_t> places(labels.size());
  std::int64_t next = 0;
  for (auto& [label, rows] : classes) {
    shuffle(rows, random);
    for (const std::int64_t row : rows) places[static_cast<std::size_t>(row)] = next++ % folds;
  }
  return places;
}

}  // namespace

Split fold_split(std::span<const std::int32_t> labels, std::int64_t folds, std::int64_t fold,
                 const SplitOptions& options) {
  const auto rows = static_cast<std::int64_t>(labels.size());
  if (folds < 2 || folds > rows) {
    fail(ErrorKind::argument, "cross-validation: {} folds of {} rows; expected 2 to {}", folds, rows, rows);
  }
  if (fold < 1 || fold > folds) {
    fail(ErrorKind::argument, "cross-validation: fold {} of {}; expected 1 to {}", fold, folds, folds);
  }
  const std::vector<std::int64_t> places = dealt(labels, folds, options.seed);
  Split result;
  std::vector<std::int64_t> others;
  std::vector<std::int32_t> labels_of_others;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (places[at] == fold - 1) {
      result.test.push_back(row);
    } else {
      others.push_back(row);
      labels_of_others.push_back(labels[at]);
    }
  }
  const Split rest =
      split(labels_of_others, {.test = 0, .validation = options.validation, .seed = options.seed});
  for (const std::int64_t i : rest.train) result.train.push_back(others[static_cast<std::size_t>(i)]);
  for (const std::int64_t i : rest.validation)
    result.validation.push_back(others[static_cast<std::size_t>(i)]);
  return result;
}

}  // namespace retrograd::data
