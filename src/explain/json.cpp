// The record as JSON. docs/schemas/explain.schema.json describes it.
#include <retrograd/explain.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace retrograd::explain {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN and no infinity.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json number(const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); }

Json json_of(const Equation& item);
Json json_of(const Term& item);
Json json_of(const Path& item);
Json json_of(const BackTerm& item);
Json json_of(const Unit& item);
Json json_of(const std::vector<Unit>& item);
Json json_of(const Factors& item);
Json json_of(const Parameter& item);
Json json_of(const Input& item);
Json json_of(const ErrorTerm& item);
Json json_of(const Sample& item);
Json json_of(const Layer& item);

template <typename T>
Json list(const std::vector<T>& items) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(json_of(item));
  return array;
}

Json json_of(const Equation& equation) {
  return {{"name", equation.name},
          {"plain", equation.plain},
          {"latex", equation.latex},
          {"source", equation.source}};
}

Json json_of(const Term& term) {
  return {{"input", term.input},
          {"weight", number(term.weight)},
          {"x", number(term.x)},
          {"product", number(term.product)}};
}

Json json_of(const Path& path) {
  return {{"output", path.output}, {"dE_dy", number(path.dE_dy)}, {"dy_dz", number(path.dy_dz)}};
}

Json json_of(const BackTerm& term) {
  return {{"unit", term.unit},
          {"dE_dz", number(term.dE_dz)},
          {"weight", number(term.weight)},
          {"product", number(term.product)}};
}

Json json_of(const Unit& unit) {
  return {{"unit", unit.unit},
          {"terms", list(unit.terms)},
          {"omitted_terms", unit.omitted_terms},
          {"omitted_sum", number(unit.omitted_sum)},
          {"bias", number(unit.bias)},
          {"z", number(unit.z)},
          {"y", number(unit.y)},
          {"dE_dy", number(unit.dE_dy)},
          {"dy_dz", number(unit.dy_dz)},
          {"back_terms", list(unit.back_terms)},
          {"omitted_back_terms", unit.omitted_back_terms},
          {"omitted_back_sum", number(unit.omitted_back_sum)},
          {"paths", list(unit.paths)},
          {"omitted_paths", unit.omitted_paths},
          {"dE_dz", number(unit.dE_dz)}};
}

Json json_of(const std::vector<Unit>& units) { return list(units); }

Json json_of(const Factors& factors) {
  return {{"sample", factors.sample},       {"dE_dy", number(factors.dE_dy)},
          {"dy_dz", number(factors.dy_dz)}, {"dE_dz", number(factors.dE_dz)},
          {"dz_dw", number(factors.dz_dw)}, {"product", number(factors.product)}};
}

Json json_of(const Parameter& parameter) {
  return {{"name", parameter.name},
          {"input", parameter.input},
          {"unit", parameter.unit},
          {"value", number(parameter.value)},
          {"factors", list(parameter.factors)},
          {"omitted_samples", parameter.omitted_samples},
          {"gradient", number(parameter.gradient)},
          {"difference", number(parameter.difference)},
          {"agrees", parameter.agrees},
          {"kink", parameter.kink},
          {"updated", number(parameter.updated)}};
}

Json json_of(const Layer& layer) {
  return {{"name", layer.name},
          {"activation", layer.activation},
          {"activation_in_loss", layer.activation_in_loss},
          {"inputs", layer.inputs},
          {"outputs", layer.outputs},
          {"equations",
           {{"sum", json_of(layer.sum)},
            {"function", list(layer.function)},
            {"derivative", layer.derivative},
            {"delta", json_of(layer.delta)}}},
          {"samples", list(layer.samples)},
          {"omitted_units", layer.omitted_units},
          {"weights", list(layer.weights)},
          {"omitted_weights", layer.omitted_weights},
          {"biases", list(layer.biases)},
          {"omitted_biases", layer.omitted_biases},
          {"gradient_norm", number(layer.gradient_norm)}};
}

Json json_of(const Input& input) {
  return {{"input", input.input},
          {"name", input.name},
          {"x", number(input.x)},
          {"gradient", number(input.gradient)},
          {"difference", number(input.difference)},
          {"agrees", input.agrees},
          {"kink", input.kink}};
}

Json json_of(const ErrorTerm& term) {
  return {{"output", term.output},
          {"name", term.name},
          {"y", number(term.y)},
          {"t", number(term.t)},
          {"value", number(term.value)}};
}

Json json_of(const Sample& sample) {
  return {{"row", sample.row},
          {"inputs", list(sample.inputs)},
          {"omitted_inputs", sample.omitted_inputs},
          {"terms", list(sample.terms)},
          {"omitted_terms", sample.omitted_terms},
          {"omitted_sum", number(sample.omitted_sum)},
          {"error", number(sample.error)}};
}

}  // namespace

std::string to_json(const Record& record) {
  const Json json = {
      {"model", record.model},
      {"loss", record.loss},
      {"equations",
       {{"error", json_of(record.error_equation)}, {"error_derivative", json_of(record.error_derivative)}}},
      {"learning_rate", number(record.learning_rate)},
      {"parameters", record.parameters},
      {"batch", record.batch},
      {"samples", list(record.samples)},
      {"omitted_samples", record.omitted_samples},
      {"layers", list(record.layers)},
      {"error", number(record.error)},
      {"error_after", number(record.error_after)},
      {"check",
       {{"checked", record.checked},
        {"kinks", record.kinks},
        {"max_relative_error", number(record.max_relative_error)},
        {"tolerance", number(record.tolerance)},
        {"agrees", record.agrees}}},
      {"notes", record.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace retrograd::explain
