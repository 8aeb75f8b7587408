// Central differences. Not here: comparing them with gradients (gradient_check.cpp).
#include "check/central_difference.h"

#include <cmath>
#include <limits>
#include <span>

#include "core/fail.h"

namespace retrograd::check {
namespace {

// Traces the function that belongs to the caller.
class Borrowed final : public TracedFunction {
 public:
  explicit Borrowed(TracedFunction& function) : function_(function) {}
  std::vector<Array> trace(std::span<const Array> inputs) override { return function_.trace(inputs); }

 private:
  TracedFunction& function_;
};

Array array_of(const std::vector<double>& values, const TensorType& type) {
  if (type.dtype == DType::f64) return Array::from(std::span<const double>(values), type.shape);
  const std::vector<float> narrow(values.begin(), values.end());
  return Array::from(std::span<const float>(narrow), type.shape);
}

// Rounded to the dtype, so that w + h and w - h are what the function sees.
double rounded(double value, DType dtype) { return dtype == DType::f32 ? static_cast<float>(value) : value; }

}  // namespace

double epsilon(DType dtype) {
  return dtype == DType::f32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                             : std::numeric_limits<double>::epsilon();
}

CompiledFunction compiled_scalar(TracedFunction& scalar, Mode mode) {
  return CompiledFunction(std::make_unique<Borrowed>(scalar), {.mode = mode});
}

double value_of(CompiledFunction& scalar) {
  Array result;
  scalar.call({}, std::span<Array>(&result, 1));
  return result.item<double>();
}

Probe::Probe(CompiledFunction& scalar, const Variable& variable, double relative_step)
    : scalar_(scalar),
      variable_(variable),
      before_(variable.read()),
      values_(before_.to_vector<double>()),
      relative_step_(relative_step),
      error_(value_of(scalar)) {}

Probe::~Probe() {
  try {
    variable_.assign(before_);
  } catch (...) {  // of the same type: only memory can be missing, and there is nobody to tell
  }
}

double Probe::at(std::size_t element, double value) const {
  std::vector<double> moved = values_;
  moved[element] = value;
  variable_.assign(array_of(moved, variable_.type()));
  return value_of(scalar_);
}

Probe::Slopes Probe::slopes(std::int64_t element, double divisor) const {
  const auto place = static_cast<std::size_t>(element);
  const double w = values_[place];
  const double h = relative_step_ / divisor * std::max(1.0, std::abs(w));
  const double above = rounded(w + h, variable_.dtype());
  const double below = rounded(w - h, variable_.dtype());
  const double up = at(place, above);
  const double down = at(place, below);
  return {(up - down) / (above - below), (error_ - down) / (w - below), (up - error_) / (above - w)};
}

}  // namespace retrograd::check
