// explain_step: from a model and samples to the record. Not here: its forms (json.cpp, text.cpp).
#include <retrograd/explain.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <cmath>

#include "core/fail.h"
#include "explain/choice.h"
#include "explain/float64.h"
#include "explain/formulas.h"
#include "explain/layer_record.h"
#include "explain/network.h"
#include "explain/numbers.h"

namespace retrograd::explain {
namespace {

std::string name_of(const std::vector<std::string>& names, std::int64_t place) {
  return names.empty() ? "" : names[static_cast<std::size_t>(place)];
}

void check_names(const std::vector<std::string>& names, std::int64_t count, const char* what) {
  if (!names.empty() && static_cast<std::int64_t>(names.size()) != count) {
    fail(ErrorKind::argument, "explain: {} {} names for {}", names.size(), what, count);
  }
}

void check_options(const Options& options, std::int64_t batch) {
  if (!(options.learning_rate >= 0) || !std::isfinite(options.learning_rate)) {
    fail(ErrorKind::argument, "explain: the learning rate is {}; expected a number from 0",
         options.learning_rate);
  }
  if (options.max_units < 0 || options.max_inputs < 0 || options.max_samples < 0) {
    fail(ErrorKind::argument,
         "explain: max_units {}, max_inputs {} and max_samples {}; expected none below 0", options.max_units,
         options.max_inputs, options.max_samples);
  }
  if (!options.rows.empty() && static_cast<std::int64_t>(options.rows.size()) != batch) {
    fail(ErrorKind::argument, "explain: {} row numbers for {} samples", options.rows.size(), batch);
  }
}

void add_error_terms(Sample& sample, const Numbers& numbers, std::int64_t n, std::int64_t shown,
                     const Options& options) {
  const std::int64_t outputs = numbers.y.columns;
  // The same outputs as units of the last layer.
  for (const std::int64_t k : largest_columns(numbers.stages.back().dE_dz, shown, options.max_units)) {
    const double value = numbers.terms ? (*numbers.terms)(n, k) : std::nan("");
    sample.terms.push_back(
        {k + 1, name_of(options.output_names, k), numbers.y(n, k), numbers.t(n, k), value});
  }
  sample.omitted_terms = outputs - static_cast<std::int64_t>(sample.terms.size());
  sample.omitted_sum = sample.error;
  for (const ErrorTerm& term : sample.terms) sample.omitted_sum -= term.value;
  if (sample.omitted_terms == 0) sample.omitted_sum = 0;
}

Sample make_sample(const Numbers& numbers, std::int64_t n, std::int64_t shown, const Options& options) {
  Sample sample;
  sample.row = options.rows.empty() ? n + 1 : options.rows[static_cast<std::size_t>(n)];
  for (const std::int64_t i : largest_columns(numbers.x, shown, options.max_inputs)) {
    sample.inputs.push_back({i + 1, name_of(options.input_names, i), numbers.x(n, i), numbers.dE_dx(n, i)});
  }
  sample.omitted_inputs = numbers.x.columns - static_cast<std::int64_t>(sample.inputs.size());
  sample.error = numbers.errors[static_cast<std::size_t>(n)];
  add_error_terms(sample, numbers, n, shown, options);
  return sample;
}

void add_input_differences(Sample& sample, std::int64_t n, std::int64_t columns, Differences& differences) {
  std::vector<std::int64_t> elements;
  std::vector<double> gradients;
  for (const Input& input : sample.inputs) {
    elements.push_back(n * columns + input.input - 1);
    gradients.push_back(input.gradient);
  }
  const std::vector<GradientComparison> found = differences.of_inputs(elements, gradients);
  for (std::size_t i = 0; i < sample.inputs.size(); ++i) {
    sample.inputs[i].difference = found[i].numeric;
    sample.inputs[i].agrees = found[i].relative_error <= Differences::tolerance;
    sample.inputs[i].kink = found[i].kink;
  }
}

Record make_record(const nn::Sequential& model, const Network& network, const nn::Loss& loss,
                   const Numbers& numbers, const Options& options) {
  Record record{.model = model.text(), .loss = std::string(loss.name)};
  record.error_equation = error_equation(loss.name, loss.summary);
  record.error_derivative = error_derivative(loss.name);
  record.learning_rate = options.learning_rate;
  record.parameters = nn::parameter_count(model);
  record.batch = numbers.x.rows;
  record.error = numbers.error;
  record.error_after = numbers.error_after;
  record.notes = network.notes;
  const std::int64_t shown =
      options.max_samples == 0 ? record.batch : std::min(options.max_samples, record.batch);
  record.omitted_samples = record.batch - shown;
  for (std::int64_t n = 0; n < shown; ++n) record.samples.push_back(make_sample(numbers, n, shown, options));
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const StageNumbers* next = i + 1 < numbers.stages.size() ? &numbers.stages[i + 1] : nullptr;
    record.layers.push_back(make_layer(network.stages[i], numbers.stages[i], next, shown, options));
    add_update(record.layers.back(), *network.stages[i].linear, numbers.stages[i]);
  }
  return record;
}

void add_all_differences(Record& record, const Network& network, const Numbers& numbers,
                         Differences& differences) {
  for (std::size_t n = 0; n < record.samples.size(); ++n) {
    add_input_differences(record.samples[n], static_cast<std::int64_t>(n), numbers.x.columns, differences);
  }
  for (std::size_t i = 0; i < record.layers.size(); ++i) {
    add_differences(record.layers[i], *network.stages[i].linear, differences);
  }
  record.checked = differences.checked();
  record.kinks = differences.kinks();
  record.max_relative_error = differences.max_relative_error();
  record.tolerance = Differences::tolerance;
  record.agrees = record.max_relative_error <= record.tolerance;
}

}  // namespace

Record explain_step(const nn::Sequential& model, const Array& x, const Array& t, std::string_view loss_name,
                    const Options& options) {
  const nn::Loss& loss = nn::loss(loss_name);
  const Shape input_shape = sample_shape(x);
  check_options(options, x.shape()[0]);
  const nn::Sequential updated = float64_model(model, input_shape);
  const nn::Sequential before = float64_model(model, input_shape);
  const Variable inputs(float64_values(x), "x");
  const Network network = make_network(updated, inputs.read(), loss);
  const Targets targets = float64_targets(t, network.output.shape()[1], loss.name);
  if (targets.shown.shape()[0] != x.shape()[0]) {
    fail(ErrorKind::shape, "explain: {} samples with {} targets", x.shape()[0], targets.shown.shape()[0]);
  }
  check_names(options.input_names, input_shape.size(), "input");
  check_names(options.output_names, network.output.shape()[1], "output");
  Numbers numbers = run_step(updated, network, loss, inputs, targets.for_loss, options.learning_rate);
  numbers.t = {targets.shown.shape()[0], targets.shown.shape()[1], targets.shown.to_vector<double>()};
  verify(numbers, network);
  Record record = make_record(updated, network, loss, numbers, options);
  Differences differences(before, loss, inputs, targets.for_loss);
  const Network network_before = make_network(before, inputs.read(), loss);
  add_all_differences(record, network_before, numbers, differences);
  return record;
}

}  // namespace retrograd::explain
