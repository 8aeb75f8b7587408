// Small sigmoid networks trained by sweeps over all of their patterns, as in 1986: gradients are summed over
// the patterns, and a change of a weight keeps a share of the one before.
#pragma once

#include <retrograd/nn.h>

#include <functional>
#include <vector>

#include "cli/reproduce/experiment.h"

namespace cli::reproduce {

// Linear layers of these sizes with a sigmoid after each, weights and biases from U(-range, range), float64.
retrograd::nn::Sequential sigmoid_network(const std::vector<std::int64_t>& sizes, double range,
                                          std::uint64_t seed);

struct SweepOptions {
  double rate = 0.1;      // epsilon
  double momentum = 0.9;  // alpha
  int limit = 10000;
  int after = 0;  // sweeps to go on when all outputs are right
};

struct SweepResult {
  bool learned = false;  // each output lay on its target's side of 1/2
  int sweeps = 0;        // the first after which it was so
  Json curve;            // [[sweep, E], ...], at most some hundred points
};

// x [patterns, inputs], t [patterns, outputs] of 0 and 1. E = 1/2 sum (y - t)^2 over patterns and outputs.
SweepResult sweep(const retrograd::nn::Sequential& network, const retrograd::Shape& x_shape,
                  const std::vector<double>& x, const retrograd::Shape& t_shape, const std::vector<double>& t,
                  const SweepOptions& options, const std::function<void()>& stay);

// The values of a parameter of the network, row-major.
std::vector<double> parameter_values(const retrograd::nn::Sequential& network, std::size_t index);

}  // namespace cli::reproduce
