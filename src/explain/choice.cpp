// The largest columns.
#include "explain/choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace retrograd::explain {

std::vector<std::int64_t> largest_columns(const Matrix& values, std::int64_t rows, std::int64_t most) {
  std::vector<std::int64_t> chosen(static_cast<std::size_t>(values.columns));
  std::iota(chosen.begin(), chosen.end(), 0);
  if (most <= 0 || most >= values.columns) return chosen;
  std::vector<double> size(chosen.size(), 0.0);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (const std::int64_t j : chosen) size[static_cast<std::size_t>(j)] += std::abs(values(row, j));
  }
  std::stable_sort(chosen.begin(), chosen.end(), [&](std::int64_t a, std::int64_t b) {
    return size[static_cast<std::size_t>(a)] > size[static_cast<std::size_t>(b)];
  });
  chosen.resize(static_cast<std::size_t>(most));
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace retrograd::explain
