// Central differences beside the gradients of a record.
#pragma once

#include <retrograd/gradient_check.h>
#include <retrograd/nn.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <vector>

namespace retrograd::explain {

class Differences {
 public:
  // Differences of the error of `model` (float64) for x and t.
  Differences(const nn::Sequential& model, const nn::Loss& loss, const Variable& x, const Array& t);

  // At elements of a parameter, of the mean error, beside dE/dw.
  std::vector<GradientComparison> of_parameter(const Variable& parameter,
                                               const std::vector<std::int64_t>& elements,
                                               const std::vector<double>& gradients);
  // At elements of x, of the sum of errors: a sample's x moves its own error alone.
  std::vector<GradientComparison> of_inputs(const std::vector<std::int64_t>& elements,
                                            const std::vector<double>& gradients);

  static constexpr double tolerance = 1e-6;
  std::int64_t checked() const { return checked_; }
  std::int64_t kinks() const { return kinks_; }
  // Of those at no kink.
  double max_relative_error() const { return max_relative_error_; }

 private:
  std::vector<GradientComparison> compare(bool mean_error, const Variable& variable,
                                          const std::vector<std::int64_t>& elements,
                                          const std::vector<double>& gradients);

  const nn::Sequential& model_;
  const nn::Loss& loss_;
  Variable x_;
  Array t_;
  std::int64_t checked_ = 0;
  std::int64_t kinks_ = 0;
  double max_relative_error_ = 0;
};

}  // namespace retrograd::explain
