// check_gradients: is what gradients() gives the slope of the function? Every element, or a sample of them,
// is compared with a central difference. The record of a network's step with both beside each other is in
// <retrograd/explain.h>.
//
//   rg::GradientCheck check = rg::check_gradients([&] { return rg::nn::mse(net(x), t); }, net.parameters());
//
// The central difference of f at w with step h is (f(w + h) - f(w - h)) / 2h. It is off by h^2 |f'''| / 6
// (truncation) and by about eps |f| / h (rounding of f). Their sum is least near h = cbrt(eps): that is the
// step, times max(1, |w|), and both errors are then of the order of eps^(2/3): 3.7e-11 in f64, 2.4e-5 in f32.
// Source: Press et al. 2007, Numerical Recipes, 5.7.
#pragma once

#include <retrograd/compile.h>
#include <retrograd/trace.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace retrograd {

struct GradientCheckOptions {
  // Elements of each variable that are checked, drawn without repetition by `seed`; 0: all of them.
  std::int64_t max_elements = 0;
  std::uint64_t seed = 1;
  // h is this times max(1, |w|); 0: cbrt(eps) of the variable's dtype.
  double step = 0;
  // The largest relative error that passes; 0: 1e-6 in f64, 1e-2 in f32.
  double tolerance = 0;
  // The mode in which the function is traced. Random numbers that change from call to call have no gradient.
  Mode mode = Mode::evaluation;
};

// The relative error is |a - n| / max(|a|, |n|, floor) for the gradient a and the central difference n. The
// floor is where the errors of the central difference, 100 eps^(2/3) max(1, |E|) (100: third derivatives and
// sums of many terms), are the tolerance: a smaller gradient is compared by its absolute error.

// One element.
struct GradientComparison {
  double numeric = 0;         // the central difference
  double relative_error = 0;  // infinite where a NaN or an infinity was found
  bool kink = false;          // a kink: see GradientCheck::kinks
};

struct GradientCheck {
  struct Element {
    std::string variable;             // its name; "variable 2" or "input 2" without one
    std::vector<std::int64_t> index;  // one number for each axis
    double analytic = 0;
    double numeric = 0;
  };
  std::int64_t checked = 0;
  // Elements left out: the function has a kink there (relu at 0), its slopes on both sides differ and the
  // gradient lies between them.
  std::int64_t kinks = 0;
  double max_relative_error = 0;  // infinite where a NaN or an infinity was found
  double tolerance = 0;
  Element worst;  // of the largest relative error
  bool passed = true;
};

namespace internal {

// `scalar` is traced with no inputs and gives one array of rank 0.
GradientCheck check_gradients(TracedFunction& scalar, std::span<const Variable> variables,
                              const GradientCheckOptions& options);
// `scalar` is traced with float64 copies of the floating inputs; those of other dtypes stay as they are.
GradientCheck check_gradients_of_inputs(TracedFunction& scalar, std::span<const Array> inputs,
                                        const GradientCheckOptions& options);
std::vector<GradientComparison> compare_gradients(TracedFunction& scalar, const Variable& variable,
                                                  std::span<const std::int64_t> elements,
                                                  std::span<const double> gradients,
                                                  const GradientCheckOptions& options);

}  // namespace internal

// f takes nothing and returns the scalar E (rank 0), built from the variables; it updates none. The
// arithmetic is in the variables' own dtype: for a strict check of an f32 model copy its values into an f64
// one (nn::copy_values). Elements that disagree are measured again with steps 4, 16 and 64 times smaller, so
// that a kink near w does not count as an error. The variables are as before when this returns or throws.
// Throws Error(argument) for no variables or options out of range, Error(shape) and Error(dtype) as
// gradients() does.
template <typename F>
GradientCheck check_gradients(F&& f, std::span<const Variable> variables,
                              const GradientCheckOptions& options = {}) {
  internal::Traced<std::decay_t<F>> scalar(std::forward<F>(f));
  return internal::check_gradients(scalar, variables, options);
}

template <typename F>
requires std::is_invocable_v < std::decay_t<F>
& > GradientCheck check_gradients(F&& f, std::initializer_list<Variable> variables,
                                  const GradientCheckOptions& options = {}) {
  return check_gradients(std::forward<F>(f), std::span<const Variable>(variables.begin(), variables.size()),
                         options);
}

// f takes one Array for each input and returns the scalar E. All runs in float64, on copies of the values.
template <typename F>
requires(!std::is_invocable_v<std::decay_t<F>&>) GradientCheck
    check_gradients(F&& f, std::initializer_list<Array> inputs, const GradientCheckOptions& options = {}) {
  internal::Traced<std::decay_t<F>> scalar(std::forward<F>(f));
  return internal::check_gradients_of_inputs(scalar, std::span<const Array>(inputs.begin(), inputs.size()),
                                             options);
}

// Gradients of f, as above, at elements of one variable (places in row-major order) beside central
// differences. Throws Error(argument) for an element out of range, and where the numbers differ.
template <typename F>
std::vector<GradientComparison> compare_gradients(F&& f, const Variable& variable,
                                                  std::span<const std::int64_t> elements,
                                                  std::span<const double> gradients,
                                                  const GradientCheckOptions& options = {}) {
  internal::Traced<std::decay_t<F>> scalar(std::forward<F>(f));
  return internal::compare_gradients(scalar, variable, elements, gradients, options);
}

}  // namespace retrograd
