// check_gradients: which elements, the comparison, kinks. The differences are in central_difference.cpp.
#include <retrograd/gradient_check.h>
#include <retrograd/gradients.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "check/central_difference.h"
#include "core/fail.h"
#include "core/philox.h"

namespace retrograd {
namespace {

using check::Probe;

// dE / d variables of the scalar E.
class GradientFunction final : public TracedFunction {
 public:
  GradientFunction(TracedFunction& scalar, std::span<const Variable> variables)
      : scalar_(scalar), variables_(variables) {}
  std::vector<Array> trace(std::span<const Array>) override {
    const std::vector<Array> results = scalar_.trace({});
    if (results.size() != 1) {
      fail(ErrorKind::argument, "check_gradients: the function gave {} arrays; expected one scalar",
           results.size());
    }
    return gradients(results.front(), variables_, {.allow_unused = true});
  }

 private:
  TracedFunction& scalar_;
  std::span<const Variable> variables_;
};

// Calls a function of inputs with variables in the places of those that are checked.
class OfVariables final : public TracedFunction {
 public:
  OfVariables(TracedFunction& function, std::vector<Array> inputs, std::vector<std::size_t> places,
              std::span<const Variable> variables)
      : function_(function), inputs_(std::move(inputs)), places_(std::move(places)), variables_(variables) {}
  std::vector<Array> trace(std::span<const Array>) override {
    std::vector<Array> inputs = inputs_;
    for (std::size_t i = 0; i < places_.size(); ++i) inputs[places_[i]] = variables_[i].read();
    return function_.trace(inputs);
  }

 private:
  TracedFunction& function_;
  std::vector<Array> inputs_;
  std::vector<std::size_t> places_;
  std::span<const Variable> variables_;
};

// `count` of the numbers below `size`, ascending (Knuth, volume 2, 3.4.2, algorithm S); `stream` tells
// variables apart.
std::vector<std::int64_t> drawn(std::int64_t size, std::int64_t count, std::uint64_t seed,
                                std::uint32_t stream) {
  std::vector<std::int64_t> chosen;
  const bool all = count <= 0 || count >= size;
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t wanted = count - static_cast<std::int64_t>(chosen.size());
    if (all) {
      chosen.push_back(i);
    } else if (wanted > 0) {
      const PhiloxCounter counter{static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i >> 32), stream,
                                  0};
      if (philox(counter, philox_key(seed))[0] * 0x1p-32 * static_cast<double>(size - i) <
          static_cast<double>(wanted))
        chosen.push_back(i);
    }
  }
  return chosen;
}

std::vector<std::int64_t> index_of(std::int64_t element, const Shape& shape) {
  std::vector<std::int64_t> index(static_cast<std::size_t>(shape.rank()));
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    index[static_cast<std::size_t>(axis)] = element % shape[axis];
    element /= shape[axis];
  }
  return index;
}

double relative_error(double analytic, double numeric, double floor) {
  if (!std::isfinite(analytic) || !std::isfinite(numeric)) return std::numeric_limits<double>::infinity();
  return std::abs(analytic - numeric) / std::max({std::abs(analytic), std::abs(numeric), floor});
}

// What elements of one variable are measured with.
struct Measure {
  double tolerance;
  double step;
  double floor;
};

Measure measure_for(CompiledFunction& scalar, DType dtype, const GradientCheckOptions& options) {
  const double eps = check::epsilon(dtype);
  const double tolerance = options.tolerance > 0 ? options.tolerance : dtype == DType::f32 ? 1e-2 : 1e-6;
  const double error = check::value_of(scalar);
  const double scale = std::isfinite(error) ? std::max(1.0, std::abs(error)) : 1.0;
  return {tolerance, options.step > 0 ? options.step : std::cbrt(eps),
          100 * std::pow(eps, 2.0 / 3.0) * scale / tolerance};
}

// Compares one element. Where f is smooth its slopes on both sides come together as h shrinks; at a kink they
// stay apart.
GradientComparison compare(const Probe& probe, std::int64_t element, double analytic,
                           const Measure& measure) {
  const Probe::Slopes wide = probe.slopes(element);
  GradientComparison best{wide.central, relative_error(analytic, wide.central, measure.floor)};
  Probe::Slopes narrow = wide;
  for (const double divisor : {4.0, 16.0, 64.0}) {
    if (best.relative_error <= measure.tolerance) return best;
    narrow = probe.slopes(element, divisor);
    const double error = relative_error(analytic, narrow.central, measure.floor);
    if (error < best.relative_error) best = {narrow.central, error};
  }
  if (best.relative_error <= measure.tolerance) return best;
  const double gap = std::abs(narrow.right - narrow.left);
  const double slack = 10 * measure.tolerance * measure.floor;
  const bool apart = gap > 0.5 * std::abs(wide.right - wide.left) && gap > slack;
  const bool between = analytic >= std::min(narrow.left, narrow.right) - slack &&
                       analytic <= std::max(narrow.left, narrow.right) + slack;
  best.kink = apart && between;
  return best;
}

void check_options(std::span<const Variable> variables, const GradientCheckOptions& options) {
  if (variables.empty()) fail(ErrorKind::argument, "check_gradients: there is no variable to check");
  for (const Variable& variable : variables) {
    if (variable.empty()) fail(ErrorKind::argument, "check_gradients: a variable is empty");
  }
  if (options.max_elements < 0 || !(options.step >= 0) || !(options.tolerance >= 0)) {
    fail(ErrorKind::argument,
         "check_gradients: max_elements {}, step {} and tolerance {}; expected none below 0",
         options.max_elements, options.step, options.tolerance);
  }
}

// One variable, added to `result`.
void check_variable(CompiledFunction& scalar, const Variable& variable, std::size_t number,
                    const Array& gradient, const GradientCheckOptions& options, GradientCheck& result) {
  const Measure measure = measure_for(scalar, variable.dtype(), options);
  const std::vector<double> analytic = gradient.to_vector<double>();
  const Probe probe(scalar, variable, measure.step);
  result.tolerance = std::max(result.tolerance, measure.tolerance);
  for (const std::int64_t element :
       drawn(variable.size(), options.max_elements, options.seed, static_cast<std::uint32_t>(number))) {
    const double a = analytic[static_cast<std::size_t>(element)];
    const GradientComparison found = compare(probe, element, a, measure);
    if (found.kink) {
      ++result.kinks;
      continue;
    }
    if (found.relative_error > measure.tolerance) result.passed = false;
    if (result.checked++ == 0 || found.relative_error > result.max_relative_error) {
      result.max_relative_error = found.relative_error;
      result.worst = {variable.name().empty() ? fmt::format("variable {}", number + 1) : variable.name(),
                      index_of(element, variable.shape()), a, found.numeric};
    }
  }
}

}  // namespace

std::vector<GradientComparison> internal::compare_gradients(TracedFunction& scalar, const Variable& variable,
                                                            std::span<const std::int64_t> elements,
                                                            std::span<const double> gradients,
                                                            const GradientCheckOptions& options) {
  check_options(std::span(&variable, 1), options);
  if (elements.size() != gradients.size()) {
    fail(ErrorKind::argument, "compare_gradients: {} elements with {} gradients", elements.size(),
         gradients.size());
  }
  CompiledFunction function = check::compiled_scalar(scalar, options.mode);
  const Measure measure = measure_for(function, variable.dtype(), options);
  const Probe probe(function, variable, measure.step);
  std::vector<GradientComparison> compared;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i] < 0 || elements[i] >= variable.size()) {
      fail(ErrorKind::argument, "compare_gradients: element {} is out of range; {} has {}", elements[i],
           variable.name(), variable.size());
    }
    compared.push_back(compare(probe, elements[i], gradients[i], measure));
  }
  return compared;
}

GradientCheck internal::check_gradients(TracedFunction& scalar, std::span<const Variable> variables,
                                        const GradientCheckOptions& options) {
  check_options(variables, options);
  CompiledFunction gradient_function(std::make_unique<GradientFunction>(scalar, variables),
                                     {.mode = options.mode});
  const std::vector<Array> analytic = gradient_function.call({});
  CompiledFunction function = check::compiled_scalar(scalar, options.mode);
  GradientCheck result;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    check_variable(function, variables[i], i, analytic[i], options, result);
  }
  return result;
}

GradientCheck internal::check_gradients_of_inputs(TracedFunction& scalar, std::span<const Array> inputs,
                                                  const GradientCheckOptions& options) {
  std::vector<Variable> variables;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].empty()) fail(ErrorKind::argument, "check_gradients: input {} is empty", i + 1);
    if (!is_floating(inputs[i].dtype())) continue;
    const Array wide = Array::from(std::span<const double>(inputs[i].to_vector<double>()), inputs[i].shape());
    variables.emplace_back(wide, fmt::format("input {}", i + 1));
    places.push_back(i);
  }
  OfVariables of_variables(scalar, std::vector<Array>(inputs.begin(), inputs.end()), places, variables);
  return internal::check_gradients(of_variables, variables, options);
}

}  // namespace retrograd
