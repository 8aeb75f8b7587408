// Permutation importance: how much a network loses where a column of the table tells it nothing any more.
#pragma once

#include <retrograd/train.h>

#include <cstdint>
#include <string>
#include <vector>

namespace retrograd::train {

struct ColumnImportance {
  std::string name;
  double mean = 0;       // of what the score falls by; below 0 where shuffling does no harm
  double deviation = 0;  // over the repeats (divided by their number)
};

struct Importance {
  std::string score;    // "accuracy" or "r2"
  double baseline = 0;  // the score of the rows as they are
  std::int64_t rows = 0;
  std::int64_t repeats = 0;
  std::vector<ColumnImportance> columns;  // the largest mean first
};

struct ImportanceOptions {
  std::int64_t repeats = 5;
  std::uint64_t seed = 1;
};

// Shuffles the values of one column among the rows, `repeats` times for each column, all the rest being as it
// is; a column is what the table has: its categories and its indicator move together. For rows that the
// network has not learned from. Columns that tell the same share their importance. Breiman 2001; Fisher,
// Rudin and Dominici 2019. Throws Error(argument) for images, text and reconstruction and for repeats below
// 1, and what Predictor::evaluate throws.
Importance permutation_importance(Predictor& predictor, const data::Dataset& rows,
                                  const ImportanceOptions& options = {});

}  // namespace retrograd::train
