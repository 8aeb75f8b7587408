// The record as a page. How numbers and tables look is in layout.cpp.
#include <fmt/format.h>
#include <retrograd/explain.h>

#include <cmath>

#include "explain/formulas.h"
#include "explain/layout.h"

namespace retrograd::explain {
namespace {

constexpr std::size_t longest_name = 32;  // of a column or a class

std::string joined(const std::vector<std::string>& words, const char* separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

// "linear_1, sigmoid_1"
std::string title(const Layer& layer) {
  return layer.activation.empty() ? layer.name : layer.name + ", " + joined(layer.activation, ", ");
}

// "sigmoid(z_2)"
std::string function_of(const Layer& layer, std::int64_t unit) {
  if (layer.function.empty()) return fmt::format("z_{}", unit);
  if (layer.function.size() > 1) return fmt::format("f(z_{})", unit);
  const std::string& name = layer.function[0].name;
  return name == "softmax" ? fmt::format("softmax(z)_{}", unit) : fmt::format("{}(z_{})", name, unit);
}

std::string more(std::int64_t count, const char* what, const char* chosen) {
  return count == 0 ? "" : fmt::format("  ({} more {} left out{})\n", count, what, chosen);
}

std::string sample_name(const Record& record, std::size_t n) {
  const std::int64_t row = record.samples[n].row;
  return row == static_cast<std::int64_t>(n) + 1 ? fmt::format("sample {}", n + 1)
                                                 : fmt::format("sample {} (row {})", n + 1, row);
}

// Behind a gradient that is not its central difference.
template <typename T>
const char* mark_of(const T& compared) {
  return compared.kink ? "k" : compared.agrees ? "" : "!";
}

std::string introduction(const Record& record) {
  std::string text = "One step of backpropagation\n";
  text += wrapped("  model   ", record.model, 10);
  text += wrapped("  error   ", record.loss + ": " + record.error_equation.plain, 10);
  if (record.batch > 1) {
    text +=
        wrapped("  batch   ", fmt::format("{} samples; E is the mean of their errors E_n", record.batch), 10);
  }
  text += wrapped("  update  ", fmt::format("w <- w - eta dE/dw, eta = {}", record.learning_rate), 10);
  for (const std::string& note : record.notes) text += wrapped("  note    ", note, 10);
  if (record.omitted_samples > 0) {
    text +=
        wrapped("  note    ",
                fmt::format("{} of {} samples are written out.", record.samples.size(), record.batch), 10);
  }
  return text;
}

std::string inputs_of(const Sample& sample) {
  std::string text;
  for (const Input& input : sample.inputs) {
    text += fmt::format("  {:<6} {:>{}}{}{}\n", fmt::format("x_{}", input.input), number(input.x),
                        number_width, input.name.empty() ? "" : "  ", clipped(input.name, longest_name));
  }
  return text + more(sample.omitted_inputs, "inputs", ", of smaller magnitude");
}

std::string line(const std::string& label, const std::string& middle, double value) {
  return fmt::format("  {:<24}{:<30} {:>{}}\n", label, middle, number(value), number_width);
}

std::string product(double a, double b) {
  return fmt::format("{:>{}} * {:>{}} =", number(a), number_width, number(b), number_width);
}

std::string sum_of(const Layer& layer, const Unit& unit) {
  std::string text;
  for (const Term& term : unit.terms) {
    text += line(fmt::format("  {} x_{}", parameter_name(term.input, unit.unit), term.input),
                 product(term.weight, term.x), term.product);
  }
  if (unit.omitted_terms > 0) {
    text += line(fmt::format("  {} more terms", unit.omitted_terms), "", unit.omitted_sum);
  }
  if (unit.bias) text += line(fmt::format("  b_{}", unit.unit), "", *unit.bias);
  text += line(fmt::format("z_{} = their sum", unit.unit), "", unit.z);
  return text + line(fmt::format("y_{} = {}", unit.unit, function_of(layer, unit.unit)), "", unit.y);
}

std::string forward_layer(const Layer& layer, const Layer* before, std::size_t n) {
  std::string text = fmt::format("\n{}: {} inputs, {} units\n", title(layer), layer.inputs, layer.outputs);
  text += fmt::format("  {}, x_i is {}\n", layer.sum.plain,
                      before == nullptr ? "the input" : "y_i of " + title(*before));
  for (const Equation& equation : layer.function) {
    text += wrapped("  " + equation.name + ": ", equation.plain + "; x stands for z", 4);
  }
  text += "\n";
  for (const Unit& unit : layer.samples[n]) text += sum_of(layer, unit) + "\n";
  text.pop_back();
  return text + more(layer.omitted_units, "units", ", of smaller dE/dz");
}

std::string error_of(const Record& record, const Sample& sample) {
  Table table({"j", "y_j", "t_j", "part of E"});
  for (const ErrorTerm& term : sample.terms) {
    table.add({fmt::format("{}", term.output), number(term.y), number(term.t),
               std::isnan(term.value) ? "" : number(term.value)},
              clipped(term.name, longest_name));
  }
  std::string text = wrapped("  ", record.error_equation.plain, 4) + table.text();
  if (sample.omitted_terms > 0) {
    text += fmt::format("  {} more outputs: {}\n", sample.omitted_terms, number(sample.omitted_sum));
  }
  return text + fmt::format("  {} = {}\n", record.batch > 1 ? "E_n" : "E", number(sample.error));
}

std::string forward(const Record& record) {
  std::string text;
  for (std::size_t n = 0; n < record.samples.size(); ++n) {
    text += heading(record.batch > 1 ? "Forward, " + sample_name(record, n) : "Forward");
    text += inputs_of(record.samples[n]);
    const Layer* before = nullptr;
    for (const Layer& layer : record.layers) {
      text += forward_layer(layer, before, n);
      before = &layer;
    }
    text += heading(record.batch > 1 ? "Error, " + sample_name(record, n) : "Error");
    text += error_of(record, record.samples[n]);
  }
  if (record.batch > 1)
    text += fmt::format("\nE = mean of the {} E_n = {}\n", record.batch, number(record.error));
  return text;
}

std::string delta_paths(const Unit& unit) {
  std::string text;
  for (const Path& path : unit.paths) {
    text += fmt::format("    dE/dy_{} * dy_{}/dz_{} = {} * {}\n", path.output, path.output, unit.unit,
                        number(path.dE_dy), number(path.dy_dz));
  }
  if (unit.omitted_paths > 0) text += fmt::format("    ({} more outputs k left out)\n", unit.omitted_paths);
  return text;
}

// dE/dy_j of a layer before the last one.
std::string back_sums(const Layer& layer, const Layer& next, std::size_t n) {
  std::string text = fmt::format("  dE/dy_j = sum_k dE/dz_k * w_jk, k the units of {}\n", next.name);
  for (const Unit& unit : layer.samples[n]) {
    double total = unit.omitted_back_sum;
    for (const BackTerm& term : unit.back_terms) {
      text += line(fmt::format("  dE/dz_{} * {}", term.unit, parameter_name(unit.unit, term.unit)),
                   product(term.dE_dz, term.weight), term.product);
      total += term.product;
    }
    if (unit.omitted_back_terms > 0) {
      text += line(fmt::format("  {} more terms", unit.omitted_back_terms), "", unit.omitted_back_sum);
    }
    text += line(fmt::format("dE/dy_{} = their sum", unit.unit), "", unit.dE_dy.value_or(total)) + "\n";
  }
  return text;
}

// dE/dz_j of every unit.
std::string deltas(const Record& record, const Layer& layer, std::size_t n) {
  std::string text = wrapped("  ", layer.delta.plain, 4);
  const std::vector<Unit>& units = layer.samples[n];
  const bool factors = !units.empty() && units[0].dE_dy.has_value();
  if (!layer.derivative.empty()) text += fmt::format("  dy_j/dz_j = {}\n", layer.derivative);
  Table table(factors                    ? std::vector<std::string>{"j", "dE/dy_j", "dy_j/dz_j", "dE/dz_j"}
              : layer.activation_in_loss ? std::vector<std::string>{"j", "y_j", "t_j", "dE/dz_j"}
                                         : std::vector<std::string>{"j", "dE/dz_j"});
  std::string paths;
  for (const Unit& unit : units) {
    std::vector<std::string> cells{fmt::format("{}", unit.unit)};
    if (factors) cells.insert(cells.end(), {number(*unit.dE_dy), number(*unit.dy_dz)});
    if (layer.activation_in_loss) {
      std::string target;
      for (const ErrorTerm& term : record.samples[n].terms) {
        if (term.output == unit.unit) target = number(term.t);
      }
      cells.insert(cells.end(), {number(unit.y), target});
    }
    cells.push_back(number(unit.dE_dz));
    table.add(std::move(cells));
    paths += delta_paths(unit);
  }
  return text + paths + table.text();
}

std::vector<std::string> factor_headers(bool factors, bool one) {
  const std::string of = one ? "dE/" : "dE_n/";
  std::vector<std::string> headers{"w"};
  if (factors) headers.insert(headers.end(), {of + "dy_j", "dy_j/dz_j"});
  if (!factors) headers.push_back(of + "dz_j");
  headers.insert(headers.end(), {"dz_j/dw", of + "dw"});
  if (one) headers.push_back("difference");
  return headers;
}

// The factors of every weight and bias for sample n.
std::string factors(const Record& record, const Layer& layer, std::size_t n) {
  const bool three = !layer.weights.empty() && layer.weights[0].factors[n].dE_dy.has_value();
  const bool one = record.batch == 1;
  Table table(factor_headers(three, one));
  for (const std::vector<Parameter>* parameters : {&layer.weights, &layer.biases}) {
    for (const Parameter& parameter : *parameters) {
      const Factors& found = parameter.factors[n];
      std::vector<std::string> cells{parameter.name};
      if (three) cells.insert(cells.end(), {number(*found.dE_dy), number(*found.dy_dz)});
      if (!three) cells.push_back(number(found.dE_dz));
      cells.insert(cells.end(), {number(found.dz_dw), number(found.product)});
      if (one) cells.push_back(number(parameter.difference));
      table.add(std::move(cells), one ? mark_of(parameter) : "");
    }
  }
  return table.text();
}

std::string means(const Layer& layer) {
  Table table({"w", "mean dE_n/dw", "difference"});
  for (const std::vector<Parameter>* parameters : {&layer.weights, &layer.biases}) {
    for (const Parameter& parameter : *parameters) {
      table.add({parameter.name, number(parameter.gradient), number(parameter.difference)},
                mark_of(parameter));
    }
  }
  return table.text();
}

std::string backward_layer(const Record& record, const Layer& layer, const Layer* next) {
  std::string text = fmt::format("\n{}\n", title(layer));
  const bool three = !layer.weights.empty() && layer.weights[0].factors[0].dE_dy.has_value();
  for (std::size_t n = 0; n < record.samples.size(); ++n) {
    if (record.batch > 1) text += fmt::format("  {}, error E_n\n", sample_name(record, n));
    if (next != nullptr) text += back_sums(layer, *next, n);
    text += deltas(record, layer, n);
    text += more(layer.omitted_units, "units", ", of smaller dE/dz");
    text +=
        fmt::format("\n  dE/dw_ij = {} * dz_j/dw_ij, dz_j/dw_ij = x_i{}\n",
                    three ? "dE/dy_j * dy_j/dz_j" : "dE/dz_j", layer.biases.empty() ? "" : ", dz_j/db_j = 1");
    text += factors(record, layer, n);
    if (record.batch > 1) text += "\n";
  }
  if (record.batch > 1) text += fmt::format("  mean over all {} samples\n", record.batch) + means(layer);
  const std::int64_t omitted = layer.omitted_weights + layer.omitted_biases;
  return text + more(omitted, "weights and biases", "");
}

std::string input_gradients(const Record& record) {
  std::string text;
  for (std::size_t n = 0; n < record.samples.size(); ++n) {
    text += fmt::format("\n{}dE/dx_i = sum_j dE/dz_j * w_ij of {}\n",
                        record.batch > 1 ? sample_name(record, n) + ": " : "", record.layers.front().name);
    Table table({"i", "x_i", record.batch > 1 ? "dE_n/dx_i" : "dE/dx_i", "difference"});
    for (const Input& input : record.samples[n].inputs) {
      table.add(
          {fmt::format("{}", input.input), number(input.x), number(input.gradient), number(input.difference)},
          mark_of(input));
    }
    text += table.text() + more(record.samples[n].omitted_inputs, "inputs", ", of smaller magnitude");
  }
  return text;
}

std::string backward(const Record& record) {
  std::string text = heading("Backward, last layer first");
  if (!record.error_derivative.plain.empty()) text += wrapped("  ", record.error_derivative.plain, 4);
  text += "  difference: the central difference (E(w + h) - E(w - h)) / 2h\n";
  const Layer* next = nullptr;
  for (auto layer = record.layers.rbegin(); layer != record.layers.rend(); ++layer) {
    text += backward_layer(record, *layer, next);
    next = &*layer;
  }
  return text + input_gradients(record);
}

std::string update(const Record& record) {
  std::string text = heading(fmt::format("Update, w <- w - {} dE/dw", record.learning_rate));
  for (const Layer& layer : record.layers) {
    Table table({"w", "before", "dE/dw", "after"});
    for (const std::vector<Parameter>* parameters : {&layer.weights, &layer.biases}) {
      for (const Parameter& parameter : *parameters) {
        table.add({parameter.name, number(parameter.value), number(parameter.gradient),
                   parameter.updated ? number(*parameter.updated) : "held fixed"});
      }
    }
    text += fmt::format("{}{}\n", &layer == &record.layers.front() ? "" : "\n", layer.name) + table.text();
    text +=
        more(layer.omitted_weights + layer.omitted_biases, "weights and biases", ", updated in the same way");
  }
  return text;
}

std::string conclusion(const Record& record) {
  std::string text = heading("Error after the update");
  text += fmt::format("  E before {:>{}}\n  E after  {:>{}}\n\n", number(record.error), number_width,
                      number(record.error_after), number_width);
  if (record.kinks > 0) {
    text += wrapped("",
                    fmt::format("{} gradients, marked k, are at a kink (relu at 0): the slopes on both sides "
                                "differ, and the gradient is one of them or lies between.",
                                record.kinks),
                    0);
  }
  const std::int64_t others = record.checked - record.kinks;
  if (record.agrees) {
    return text + fmt::format("{} gradients agree with their central differences within {:.0e}.\n", others,
                              record.tolerance);
  }
  return text + wrapped("",
                        fmt::format("Of {} gradients those marked ! differ from their central differences by "
                                    "more than {:.0e}.",
                                    others, record.tolerance),
                        0);
}

}  // namespace

std::string to_text(const Record& record) {
  return introduction(record) + forward(record) + backward(record) + update(record) + conclusion(record);
}

}  // namespace retrograd::explain
