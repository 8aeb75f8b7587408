// The network as stages of a graph: linear, then an activation. Not here: numbers (numbers.h).
#pragma once

#include <retrograd/array.h>
#include <retrograd/explain.h>
#include <retrograd/nn.h>

#include <string>
#include <vector>

namespace retrograd::explain {

struct Stage {
  const nn::Linear* linear = nullptr;
  std::vector<std::string> activation;  // names of the layers
  std::vector<Equation> function;       // of the activation's ops
  std::string derivative;               // dy/dz as text, where it is known
  bool coupled = false;                 // every y depends on every z
  bool in_loss = false;                 // the loss takes z; y is for people
  std::string loss;                     // its name, where it does
  Array x;                              // [N, inputs]
  Array z;                              // [N, outputs]
  Array y;                              // [N, outputs]
};

struct Network {
  std::vector<Stage> stages;
  Array output;         // what the loss takes
  Array probabilities;  // [N, K], what is compared with t: the output, or its softmax or sigmoid
  std::vector<std::string> notes;
};

// Runs the layers of `model` on x [N, ...] and keeps what they made.
Network make_network(const nn::Sequential& model, const Array& x, const nn::Loss& loss);

// The part of E_n that comes from each output, as nodes of the loss's graph: `summands` [N, K] are summed
// over outputs and multiplied by dE_n / d summand. Empty where the loss has no such sum.
Array loss_summands(const Array& losses, const Array& output);

}  // namespace retrograd::explain
