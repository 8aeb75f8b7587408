// Sums over rows that are given back.
#include "train/reconstruction.h"

#include <cmath>
#include <numeric>

namespace retrograd::train {
namespace {

constexpr std::int64_t most_rows = 512;
constexpr std::int64_t most_numbers = std::int64_t{1} << 22;

}  // namespace

std::int64_t rows_at_once(const data::Dataset& dataset) {
  const std::int64_t sample = std::max(dataset.input_shape().size(), std::int64_t{1});
  return std::clamp(most_numbers / sample, std::int64_t{1}, most_rows);
}

ReconstructionSums::ReconstructionSums(std::int64_t width, std::vector<double> means)
    : columns_(static_cast<std::size_t>(width)), means_(std::move(means)) {
  if (means_.size() != columns_.size()) means_.clear();
}

void ReconstructionSums::add(const data::Dataset& rows, const std::vector<double>& predicted) {
  const std::size_t width = columns_.size();
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.rows()));
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  inputs_.resize(numbers.size() * width);
  rows.copy_inputs(numbers, inputs_.data());
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    double squared = 0;
    for (std::size_t j = 0; j < width; ++j) {
      const double x = inputs_[row * width + j];
      const double off = predicted[row * width + j] - x;
      squared += off * off;
      absolute_ += std::abs(off);
      Column& column = columns_[j];
      if (errors_.empty()) column.origin = x;
      column.sum += x - column.origin;
      column.squares += (x - column.origin) * (x - column.origin);
      if (means_.empty()) continue;
      baseline_absolute_ += std::abs(x - means_[j]);
      baseline_squared_ += (x - means_[j]) * (x - means_[j]);
    }
    squared_ += squared;
    errors_.push_back(std::sqrt(squared / static_cast<double>(width)));
  }
}

Figures ReconstructionSums::figures() const {
  Figures figures{.rows = static_cast<std::int64_t>(errors_.size())};
  const auto rows = static_cast<double>(errors_.size());
  const double count = rows * static_cast<double>(columns_.size());
  double spread = 0;  // sum (x - mean x)^2
  for (const Column& column : columns_) {
    spread += std::max(column.squares - column.sum * column.sum / rows, 0.0);
  }
  figures.r2 = spread > 0 ? 1 - squared_ / spread : squared_ == 0 ? 1 : 0;
  figures.mae = absolute_ / count;
  figures.rmse = std::sqrt(squared_ / count);
  if (means_.empty()) return figures;
  figures.baseline_mae = baseline_absolute_ / count;
  figures.baseline_rmse = std::sqrt(baseline_squared_ / count);
  return figures;
}

}  // namespace retrograd::train
