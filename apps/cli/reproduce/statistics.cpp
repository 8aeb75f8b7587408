// Figures of several seeds taken together.
#include "cli/reproduce/statistics.h"

#include <fmt/format.h>

namespace cli::reproduce {

std::vector<Curve> curves_of(std::span<const Json> outcomes, std::string_view key) {
  std::vector<Curve> curves;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    Curve curve{fmt::format("seed {}", i + 1), {}};
    for (const Json& point : outcomes[i].at(std::string(key))) {
      curve.points.emplace_back(point.at(0).get<double>(), point.at(1).get<double>());
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace cli::reproduce
