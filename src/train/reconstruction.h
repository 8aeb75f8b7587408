// Figures of rows that a network gives back, block by block: of a row nothing is kept but its error.
#pragma once

#include <retrograd/train.h>

#include <algorithm>
#include <cstdint>
#include <vector>

// N rows, D inputs of each.
namespace retrograd::train {

// Rows that are evaluated at once: enough to be fast, few enough for a cache.
std::int64_t rows_at_once(const data::Dataset& dataset);

class ReconstructionSums {
 public:
  // `means`: those of the training part, which make the baseline; empty: there is none.
  explicit ReconstructionSums(std::int64_t width, std::vector<double> means = {});

  // More rows and what the network makes of them, predicted [n, D].
  void add(const data::Dataset& rows, const std::vector<double>& predicted);
  // See train::Figures; without the loss.
  Figures figures() const;
  // [N], see Predictor::errors.
  const std::vector<double>& errors() const { return errors_; }

 private:
  struct Column {
    double origin = 0;  // the first row's input: sums are of differences from it
    double sum = 0, squares = 0;
  };
  std::vector<Column> columns_;
  std::vector<double> means_;
  std::vector<float> inputs_;
  std::vector<double> errors_;
  double squared_ = 0, absolute_ = 0;
  double baseline_squared_ = 0, baseline_absolute_ = 0;
};

// predict(rows) gives [n, D] for some of the rows.
template <typename F>
ReconstructionSums sums_of(const data::Dataset& dataset, const Baseline& baseline, F predict) {
  ReconstructionSums sums(dataset.target_width(), baseline.means);
  const std::int64_t block = rows_at_once(dataset);
  for (std::int64_t first = 0; first < dataset.rows(); first += block) {
    const data::Dataset some = dataset.slice(first, std::min(first + block, dataset.rows()));
    sums.add(some, predict(some));
  }
  return sums;
}

}  // namespace retrograd::train
