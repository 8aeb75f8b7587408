// What is compared. How is the business of <retrograd/gradient_check.h>.
#include "explain/differences.h"

#include <retrograd/ops.h>

#include <algorithm>

namespace retrograd::explain {

Differences::Differences(const nn::Sequential& model, const nn::Loss& loss, const Variable& x, const Array& t)
    : model_(model), loss_(loss), x_(x), t_(t) {}

std::vector<GradientComparison> Differences::of_parameter(const Variable& parameter,
                                                          const std::vector<std::int64_t>& elements,
                                                          const std::vector<double>& gradients) {
  return compare(true, parameter, elements, gradients);
}

std::vector<GradientComparison> Differences::of_inputs(const std::vector<std::int64_t>& elements,
                                                       const std::vector<double>& gradients) {
  return compare(false, x_, elements, gradients);
}

std::vector<GradientComparison> Differences::compare(bool mean_error, const Variable& variable,
                                                     const std::vector<std::int64_t>& elements,
                                                     const std::vector<double>& gradients) {
  std::vector<GradientComparison> found = compare_gradients(
      [&] {
        const Array losses = nn::model_losses(loss_, model_, x_.read(), t_);
        return mean_error ? mean(losses) : sum(losses);
      },
      variable, elements, gradients, {.tolerance = tolerance});
  for (const GradientComparison& one : found) {
    ++checked_;
    if (one.kink) {
      ++kinks_;
    } else {
      max_relative_error_ = std::max(max_relative_error_, one.relative_error);
    }
  }
  return found;
}

}  // namespace retrograd::explain
