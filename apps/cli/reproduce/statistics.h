// Figures of several seeds taken together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

// The number `key` of each outcome that has one.
inline std::vector<double> values_of(std::span<const Json> outcomes, std::string_view key) {
  std::vector<double> values;
  for (const Json& outcome : outcomes) {
    const auto found = outcome.find(key);
    if (found != outcome.end() && found->is_number()) values.push_back(found->get<double>());
  }
  return values;
}

// The value below which a share p of the others lies, between neighbours by their distance. `values` is not
// empty, 0 <= p <= 1.
inline double percentile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double place = p * static_cast<double>(values.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

inline double median(const std::vector<double>& values) { return percentile(values, 0.5); }

// The curve "curve" of each outcome, a list of [x, y], named by its place.
std::vector<Curve> curves_of(std::span<const Json> outcomes, std::string_view key);

}  // namespace cli::reproduce
