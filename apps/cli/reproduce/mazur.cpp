// Mazur's worked example: one step of backpropagation on a 2-2-2 network. The step written out is
// `retrograd explain`.
#include <fmt/format.h>
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include <cmath>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

rg::Array doubles(const std::vector<double>& values, const rg::Shape& shape) {
  return rg::Array::from(std::span<const double>(values), shape);
}

// Weights [in, out]; the biases .35 and .60 are held fixed.
struct Network {
  rg::Variable hidden{doubles({.15, .25, .20, .30}, {2, 2}), "hidden"};
  rg::Variable output{doubles({.40, .50, .45, .55}, {2, 2}), "output"};

  rg::Array units() const { return rg::sigmoid(rg::matmul(doubles({.05, .10}, {1, 2}), hidden) + .35); }
  // Of the output units, before their sigmoid, with some weights.
  rg::Array sums(const rg::Array& weights) const { return rg::matmul(units(), weights) + .60; }
  rg::Array error_of(const rg::Array& z) const {
    return rg::nn::half_squared_error(rg::sigmoid(z), doubles({.01, .99}, {1, 2}));
  }
  double error() const { return error_of(sums(output)).item<double>(); }
};

// All gradients at the old weights.
void step_together(const Network& network) {
  auto step = rg::compile([&] {
    const std::vector<rg::Variable> weights{network.hidden, network.output};
    const std::vector<rg::Array> g = rg::gradients(network.error_of(network.sums(network.output)), weights);
    for (std::size_t i = 0; i < g.size(); ++i) weights[i].set_next(weights[i] - 0.5 * g[i]);
  });
  step();
}

// The output's weights take their step first, and the deltas of the output go back to the hidden layer
// through the new ones.
void step_in_turn(const Network& network) {
  auto step = rg::compile([&] {
    const rg::Array z = network.sums(network.output);
    const rg::Array error = network.error_of(z);
    const rg::Array delta = rg::gradient(error, z);
    const rg::Array next = network.output - 0.5 * rg::gradient(error, network.output);
    const rg::Array outputs[] = {network.sums(rg::stop_gradient(next))};
    const rg::Array inputs[] = {network.hidden};
    const rg::Array cotangents[] = {delta};
    network.hidden.set_next(network.hidden - 0.5 * rg::vjp(outputs, inputs, cotangents)[0]);
    network.output.set_next(next);
  });
  step();
}

Json run(const Request&, std::uint64_t) {
  const Network together, in_turn;
  const double before = together.error();
  step_together(together);
  step_in_turn(in_turn);
  return {{"before", before}, {"after", together.error()}, {"in_turn", in_turn.error()}};
}

Finding conclude(std::span<const Json> outcomes) {
  const double before = outcomes[0].at("before").get<double>();
  const double after = outcomes[0].at("after").get<double>();
  const double in_turn = outcomes[0].at("in_turn").get<double>();
  Finding finding;
  finding.measured = fmt::format("{:.9f} -> {:.9f}", before, after);
  // Nine digits are printed.
  finding.reproduced = std::abs(before - .298371109) < .5e-9 && std::abs(after - .291027774) < .5e-9;
  finding.verdict = finding.reproduced ? "every printed digit" : "digits differ";
  finding.notes.push_back(
      fmt::format("The figure that is often quoted, .291027924, comes from updating in turn: the output's "
                  "weights take their step first and the output's deltas then go back through the new ones; "
                  "that gives {:.9f}. Backpropagation takes all gradients at the old weights.",
                  in_turn));
  return finding;
}

constexpr Row rows[] = {
    {"2-2-2 sigmoid, half squared error, rate .5, one step", ".298371109 -> .291027774", 1, run, conclude}};

}  // namespace

const Experiment mazur{
    "mazur", "Mazur's step by step example", "M. Mazur, \"A step by step backpropagation example\", 2015",
    "Two inputs, two hidden and two output units; biases held fixed; float64. `retrograd explain` writes the "
    "step out.",
    rows};

}  // namespace cli::reproduce
