// Recurrent layers: stacks of rnn, lstm and gru, one way or both, and states that outlive a step. The
// functions are in <retrograd/recurrent.h>.
#pragma once

#include <retrograd/initialisers.h>
#include <retrograd/module.h>
#include <retrograd/recurrent.h>
#include <retrograd/scope.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retrograd::nn {

struct RecurrentLayerOptions {
  std::int64_t layers = 1;     // one on the other
  bool bidirectional = false;  // a second one from the end to the start beside each; outputs side by side
  double dropout = 0.0;        // between layers, in training
  // Where it says nothing: weights of the input as Linear's, recurrent weights U(-1, 1) / sqrt(units).
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// What Rnn, Lstm and Gru share. x [N, T, inputs] -> [N, T, units], or 2 units both ways: the outputs of the
// last layer at every step.
class RecurrentLayer : public Module {
 public:
  using Module::operator();
  struct Result {
    Array outputs;              // [N, T, units or 2 units]
    std::vector<Array> states;  // after the last step
  };
  // From given states to the states after: one [N, units] for each layer and direction, for Lstm two, states
  // and cells; none given: zeros. `lengths` i32 [N] as in <retrograd/recurrent.h>; outputs behind a
  // sequence's end repeat the last one. Throws Error(shape), Error(argument) for a wrong number of states.
  Result run(const Array& x, const std::vector<Array>& states = {}, const Array& lengths = {}) const;
  std::int64_t states() const;

  std::int64_t units() const { return units_; }
  const RecurrentLayerOptions& options() const { return options_; }
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  RecurrentLayer(std::string type, std::int64_t inputs, std::int64_t units, std::int64_t blocks,
                 const RecurrentLayerOptions& options);
  Array forward(const Array& x) const override;
  // One layer in one direction: from z [N, T, blocks units] and states to the outputs, and the states at
  // every step [N, T, units].
  virtual std::vector<Array> pass(const Array& z, const Array& weight, const Variable& recurrent_bias,
                                  const Array* states, const RecurrentOptions& options) const = 0;

  std::int64_t inputs_;
  std::int64_t units_;
  RecurrentLayerOptions options_;

 private:
  struct Direction {
    Variable input_weight;      // [inputs, blocks units]
    Variable recurrent_weight;  // [units, blocks units]
    Variable bias;              // [blocks units]
    Variable recurrent_bias;    // [units], of Gru
  };
  std::int64_t states_of_direction() const { return blocks_ == 4 ? 2 : 1; }

  std::int64_t blocks_;
  std::vector<Direction> directions_;  // of each layer
};

// h_t = f(x_t W + b + h_{t-1} U), f = tanh or max(x, 0). Elman 1990.
class Rnn : public RecurrentLayer {
 public:
  // Throws Error(argument) for sizes or layers below 1, or unless 0 <= dropout < 1; the others too.
  Rnn(std::int64_t inputs, std::int64_t units, RnnActivation activation = RnnActivation::tanh,
      const RecurrentLayerOptions& options = {});
  std::string text() const override;

 protected:
  std::vector<Array> pass(const Array& z, const Array& weight, const Variable& recurrent_bias,
                          const Array* states, const RecurrentOptions& options) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  RnnActivation activation_;
};

// Long short-term memory; the bias of the forget gate starts at 1 (Jozefowicz et al. 2015).
class Lstm : public RecurrentLayer {
 public:
  Lstm(std::int64_t inputs, std::int64_t units, const RecurrentLayerOptions& options = {});

 protected:
  std::vector<Array> pass(const Array& z, const Array& weight, const Variable& recurrent_bias,
                          const Array* states, const RecurrentOptions& options) const override;
  std::unique_ptr<Module> replica() const override;
};

// Gated recurrent units.
class Gru : public RecurrentLayer {
 public:
  Gru(std::int64_t inputs, std::int64_t units, const RecurrentLayerOptions& options = {});

 protected:
  std::vector<Array> pass(const Array& z, const Array& weight, const Variable& recurrent_bias,
                          const Array* states, const RecurrentOptions& options) const override;
  std::unique_ptr<Module> replica() const override;
};

// Is a recurrent layer anywhere in it?
bool is_recurrent(const Module& module);

// x [N, T, ...] -> [N, ...], the last step.
class Last : public Module {
 public:
  Last() : Module("last") {}
  std::int64_t flops(const Shape&, const Shape&) const override { return 0; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// States of recurrent layers that go on from batch to batch (truncated backpropagation through time): while a
// CarriedStateScope is in force, each layer begins with the states that it ended with in the step before, and
// leaves its last ones as the update of a step. No gradient passes from one step to the next. Layers of both
// directions carry those of the forward direction alone. One object serves one batch size.
class CarriedState {
 public:
  CarriedState() = default;
  CarriedState(const CarriedState&) = delete;
  CarriedState& operator=(const CarriedState&) = delete;

  // All states to zero: another text begins. Throws Error(argument) inside a trace.
  void reset();
  // Made by the first forward pass, in the order of layers.
  const std::vector<Variable>& variables() const { return variables_; }

  // The state number `place` of a module, made as zeros when first asked for. Throws Error(shape) where it
  // has another type.
  Variable at(const Module& module, std::int64_t place, const TensorType& type);
  // The one in force on this thread, or null.
  static CarriedState* current() { return Scope<CarriedState>::current(); }

 private:
  std::map<std::pair<const Module*, std::int64_t>, Variable> places_;
  std::vector<Variable> variables_;
};

using CarriedStateScope = Scope<CarriedState>;

}  // namespace retrograd::nn
