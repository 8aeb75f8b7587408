// What minimisers share, and the loop around them.
#include <retrograd/minimise.h>

#include <algorithm>
#include <cmath>

namespace retrograd::train {

Objective::~Objective() = default;
SumOfSquares::~SumOfSquares() = default;
Minimiser::~Minimiser() = default;

double Minimiser::gradient_norm() const {
  double squares = 0;
  for (const double g : gradient_) squares += g * g;
  return std::sqrt(squares);
}

Minimum minimise(Minimiser& minimiser, const MinimiseOptions& options) {
  Minimum minimum;
  const auto vanishes = [&] {
    return std::all_of(minimiser.gradient().begin(), minimiser.gradient().end(),
                       [&](double g) { return std::abs(g) <= options.gradient_tolerance; });
  };
  minimum.converged = vanishes();
  while (!minimum.converged && minimum.iterations < options.iterations) {
    if (!minimiser.step()) {
      minimum.converged = true;
      break;
    }
    ++minimum.iterations;
    minimum.converged = vanishes();
  }
  minimum.x = minimiser.x();
  minimum.value = minimiser.value();
  minimum.gradient_norm = minimiser.gradient_norm();
  minimum.evaluations = minimiser.evaluations();
  return minimum;
}

}  // namespace retrograd::train
