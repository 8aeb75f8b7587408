// Slopes of a scalar function along one element of a variable.
#pragma once

#include <retrograd/compile.h>
#include <retrograd/gradient_check.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <vector>

namespace retrograd::check {

// Machine epsilon of f32 or f64.
double epsilon(DType dtype);

// The scalar as one plan that is run for every step.
CompiledFunction compiled_scalar(TracedFunction& scalar, Mode mode);
double value_of(CompiledFunction& scalar);

// Moves single elements of a variable; its values are restored by the destructor.
class Probe {
 public:
  struct Slopes {
    double central;  // (f(w + h) - f(w - h)) / 2h
    double left;     // (f(w) - f(w - h)) / h
    double right;    // (f(w + h) - f(w)) / h
  };

  Probe(CompiledFunction& scalar, const Variable& variable, double relative_step);
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // With the step divided by `divisor`.
  Slopes slopes(std::int64_t element, double divisor = 1) const;

 private:
  double at(std::size_t element, double value) const;

  CompiledFunction& scalar_;
  Variable variable_;
  Array before_;
  std::vector<double> values_;
  double relative_step_;
  double error_;  // f at the variable's own value
};

}  // namespace retrograd::check
