// Units forward and backward, then the weights and biases.
#include "explain/layer_record.h"

#include <algorithm>
#include <cmath>

#include "explain/choice.h"
#include "explain/formulas.h"

namespace retrograd::explain {
namespace {

using Places = std::vector<std::int64_t>;

bool contains(const Places& places, std::int64_t place) {
  return std::binary_search(places.begin(), places.end(), place);
}

void add_terms(Unit& unit, const StageNumbers& numbers, std::int64_t n, std::int64_t j,
               const Places& inputs) {
  for (std::int64_t i = 0; i < numbers.x.columns; ++i) {
    const double product = numbers.w(i, j) * numbers.x(n, i);
    if (contains(inputs, i)) {
      unit.terms.push_back({i + 1, numbers.w(i, j), numbers.x(n, i), product});
    } else {
      ++unit.omitted_terms;
      unit.omitted_sum += product;
    }
  }
}

void add_paths(Unit& unit, const StageNumbers& numbers, std::int64_t n, std::int64_t j,
               const Places& outputs) {
  if (!numbers.dE_dy || numbers.dy_dz) return;
  for (std::int64_t k = 0; k < numbers.y.columns; ++k) {
    if (!contains(outputs, k) || numbers.dyk_dz.empty()) {
      ++unit.omitted_paths;
      continue;
    }
    const Matrix& derivative = numbers.dyk_dz[static_cast<std::size_t>(k)];
    unit.paths.push_back({k + 1, (*numbers.dE_dy)(n, k), derivative(n, j)});
  }
}

void add_back_terms(Unit& unit, const StageNumbers& next, std::int64_t n, std::int64_t j,
                    const Places& units) {
  for (std::int64_t k = 0; k < next.z.columns; ++k) {
    const double product = next.dE_dz(n, k) * next.w(j, k);
    if (contains(units, k)) {
      unit.back_terms.push_back({k + 1, next.dE_dz(n, k), next.w(j, k), product});
    } else {
      ++unit.omitted_back_terms;
      unit.omitted_back_sum += product;
    }
  }
}

Unit make_unit(const StageNumbers& numbers, std::int64_t n, std::int64_t j, const Places& inputs,
               const Places& units) {
  Unit unit{.unit = j + 1, .z = numbers.z(n, j), .y = numbers.y(n, j), .dE_dz = numbers.dE_dz(n, j)};
  add_terms(unit, numbers, n, j, inputs);
  if (!numbers.b.values.empty()) unit.bias = numbers.b(0, j);
  if (numbers.dE_dy && numbers.dy_dz) {
    unit.dE_dy = (*numbers.dE_dy)(n, j);
    unit.dy_dz = (*numbers.dy_dz)(n, j);
  }
  add_paths(unit, numbers, n, j, units);
  return unit;
}

// `input` -1: the bias.
Parameter make_parameter(const StageNumbers& numbers, std::int64_t input, std::int64_t unit,
                         std::int64_t samples) {
  const bool bias = input < 0;
  Parameter parameter{.name = parameter_name(input + 1, unit + 1), .input = input + 1, .unit = unit + 1};
  parameter.value = bias ? numbers.b(0, unit) : numbers.w(input, unit);
  parameter.gradient = bias ? numbers.dE_db(0, unit) : numbers.dE_dw(input, unit);
  parameter.omitted_samples = numbers.x.rows - samples;
  for (std::int64_t n = 0; n < samples; ++n) {
    Factors factors{.sample = n + 1, .dE_dz = numbers.dE_dz(n, unit)};
    if (numbers.dE_dy && numbers.dy_dz) {
      factors.dE_dy = (*numbers.dE_dy)(n, unit);
      factors.dy_dz = (*numbers.dy_dz)(n, unit);
    }
    factors.dz_dw = bias ? 1.0 : numbers.x(n, input);
    factors.product = factors.dE_dz * factors.dz_dw;
    parameter.factors.push_back(factors);
  }
  return parameter;
}

double norm(const StageNumbers& numbers) {
  double total = 0;
  for (const double value : numbers.dE_dw.values) total += value * value;
  for (const double value : numbers.dE_db.values) total += value * value;
  return std::sqrt(total);
}

void compare(std::vector<Parameter>& parameters, const Variable& variable, std::int64_t columns,
             Differences& differences) {
  std::vector<std::int64_t> elements;
  std::vector<double> gradients;
  for (const Parameter& parameter : parameters) {
    elements.push_back(std::max<std::int64_t>(parameter.input - 1, 0) * columns + parameter.unit - 1);
    gradients.push_back(parameter.gradient);
  }
  const std::vector<GradientComparison> found = differences.of_parameter(variable, elements, gradients);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].difference = found[i].numeric;
    parameters[i].agrees = found[i].relative_error <= Differences::tolerance;
    parameters[i].kink = found[i].kink;
  }
}

}  // namespace

Layer make_layer(const Stage& stage, const StageNumbers& numbers, const StageNumbers* next,
                 std::int64_t samples, const Options& options) {
  const bool has_bias = !numbers.b.values.empty();
  const Places inputs = largest_columns(numbers.x, samples, options.max_inputs);
  const Places units = largest_columns(numbers.dE_dz, samples, options.max_units);
  const Places back_units =
      next == nullptr ? Places() : largest_columns(next->dE_dz, samples, options.max_units);
  Layer layer{.name = stage.linear->name(),
              .activation = stage.activation,
              .activation_in_loss = stage.in_loss,
              .inputs = numbers.x.columns,
              .outputs = numbers.z.columns,
              .sum = sum_equation(has_bias),
              .function = stage.function};
  layer.delta = delta_equation(stage.coupled, stage.loss);
  layer.derivative = stage.activation.empty() ? "1" : stage.in_loss ? "" : stage.derivative;
  for (std::int64_t n = 0; n < samples; ++n) {
    std::vector<Unit>& row = layer.samples.emplace_back();
    for (const std::int64_t j : units) {
      row.push_back(make_unit(numbers, n, j, inputs, units));
      if (next != nullptr) add_back_terms(row.back(), *next, n, j, back_units);
    }
  }
  for (const std::int64_t j : units) {
    for (const std::int64_t i : inputs) layer.weights.push_back(make_parameter(numbers, i, j, samples));
    if (has_bias) layer.biases.push_back(make_parameter(numbers, -1, j, samples));
  }
  layer.omitted_units = layer.outputs - static_cast<std::int64_t>(units.size());
  layer.omitted_weights = layer.inputs * layer.outputs - static_cast<std::int64_t>(layer.weights.size());
  layer.omitted_biases = has_bias ? layer.omitted_units : 0;
  layer.gradient_norm = norm(numbers);
  return layer;
}

void add_differences(Layer& layer, const nn::Linear& linear, Differences& differences) {
  compare(layer.weights, linear.weight(), layer.outputs, differences);
  if (!layer.biases.empty()) compare(layer.biases, linear.bias(), layer.outputs, differences);
}

void add_update(Layer& layer, const nn::Linear& linear, const StageNumbers& numbers) {
  for (Parameter& weight : layer.weights) {
    if (linear.weight().trainable()) weight.updated = numbers.w_after(weight.input - 1, weight.unit - 1);
  }
  for (Parameter& bias : layer.biases) {
    if (linear.bias().trainable()) bias.updated = numbers.b_after(0, bias.unit - 1);
  }
}

}  // namespace retrograd::explain
