// Stacks of recurrent layers, and the layers rnn, lstm and gru of model texts. Carried states are in
// nn/carried_state.cpp.
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/recurrent_layers.h>

#include <cmath>

#include "array/trace_state.h"
#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {
namespace {

// Zeros, and 1 for the forget gate of an lstm.
Array first_bias(std::int64_t blocks, std::int64_t units, DType dtype) {
  std::vector<float> values(static_cast<std::size_t>(blocks * units), 0.0f);
  for (std::int64_t i = units; blocks == 4 && i < 2 * units; ++i) values[static_cast<std::size_t>(i)] = 1.0f;
  const Array single = Array::from(std::span<const float>(values), {blocks * units});
  if (dtype == DType::f32) return single;
  const std::vector<double> wide(values.begin(), values.end());
  return Array::from(std::span<const double>(wide), {blocks * units});
}

Array at_step(const Array& x, std::int64_t t) {
  return reshape(slice_axis(x, 1, t, t + 1), Shape{x.shape()[0], x.shape()[2]});
}

}  // namespace

RecurrentLayer::RecurrentLayer(std::string type, std::int64_t inputs, std::int64_t units, std::int64_t blocks,
                               const RecurrentLayerOptions& options)
    : Module(std::move(type)), inputs_(inputs), units_(units), options_(options), blocks_(blocks) {
  if (inputs < 1 || units < 1 || options.layers < 1) {
    fail(ErrorKind::argument, "{}: {} inputs, {} units, {} layers; expected at least 1 of each", type_name(),
         inputs, units, options.layers);
  }
  if (!(options.dropout >= 0.0 && options.dropout < 1.0)) {
    fail(ErrorKind::argument, "{}: dropout is {}; expected 0 <= dropout < 1", type_name(), options.dropout);
  }
  set_seed(options.seed);
  const double limit = 1.0 / std::sqrt(static_cast<double>(units));
  const bool is_automatic = options.initialisation.weight.kind() == Initialiser::Kind::automatic;
  const Initialiser of_input = is_automatic ? Initialiser::xavier_uniform() : options.initialisation.weight;
  const Initialiser recurrent =
      is_automatic ? Initialiser::uniform(-limit, limit) : options.initialisation.weight;
  const std::int64_t ways = options.bidirectional ? 2 : 1;
  for (std::int64_t i = 0; i < options.layers * ways; ++i) {
    const std::int64_t in = i < ways ? inputs : ways * units;
    const std::string suffix = fmt::format("_{}{}", i / ways + 1, i % ways == 1 ? "_reverse" : "");
    Direction made;
    made.input_weight =
        add_parameter("input_weight" + suffix, {in, blocks * units}, options.dtype, of_input, {in, units});
    made.recurrent_weight = add_parameter("recurrent_weight" + suffix, {units, blocks * units}, options.dtype,
                                          recurrent, {units, units});
    made.bias = add_parameter("bias" + suffix, first_bias(blocks, units, options.dtype));
    if (blocks == 3) {
      made.recurrent_bias = add_parameter("recurrent_bias" + suffix, first_bias(1, units, options.dtype));
    }
    directions_.push_back(made);
  }
}

std::int64_t RecurrentLayer::states() const {
  return static_cast<std::int64_t>(directions_.size()) * states_of_direction();
}

std::string RecurrentLayer::text() const {
  std::string inside = std::to_string(units_);
  if (options_.layers != 1) inside += fmt::format(", layers={}", options_.layers);
  if (options_.bidirectional) inside += ", bidirectional=true";
  if (options_.dropout != 0.0) inside += fmt::format(", dropout={}", options_.dropout);
  return fmt::format("{}({})", type_name(), inside);
}

std::int64_t RecurrentLayer::flops(const Shape& input, const Shape&) const {
  std::int64_t of_step = 0;
  for (const Direction& d : directions_) of_step += 2 * (d.input_weight.size() + d.recurrent_weight.size());
  return input[0] * of_step;
}

RecurrentLayer::Result RecurrentLayer::run(const Array& x, const std::vector<Array>& states,
                                           const Array& lengths) const {
  if (x.rank() != 3 || x.shape()[2] != inputs_) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, steps, {}]", name(), x.shape().to_string(), inputs_);
  }
  if (!states.empty() && static_cast<std::int64_t>(states.size()) != this->states()) {
    fail(ErrorKind::argument, "{}: {} states were given; expected none or {}", name(), states.size(),
         this->states());
  }
  mark_used();
  const std::int64_t N = x.shape()[0], T = x.shape()[1];
  const std::int64_t ways = options_.bidirectional ? 2 : 1;
  const Dropout dropout(options_.dropout);
  const Array none = zeros({N, units_}, options_.dtype);
  Result result{x, {}};
  for (std::int64_t layer = 0; layer < options_.layers; ++layer) {
    const Array in = layer > 0 ? dropout(result.outputs) : result.outputs;
    const Array rows = reshape(in, Shape{N * T, in.shape()[2]});
    std::vector<Array> sides;
    for (std::int64_t way = 0; way < ways; ++way) {
      const auto number = static_cast<std::size_t>(layer * ways + way);
      const Direction& d = directions_[number];
      const Array z = matmul(rows, d.input_weight) + d.bias.read();
      const auto count = static_cast<std::size_t>(states_of_direction());
      std::vector<Array> first(count, none);
      for (std::size_t i = 0; i < count && !states.empty(); ++i) first[i] = states[number * count + i];
      const std::vector<Array> steps =
          pass(reshape(z, Shape{N, T, blocks_ * units_}), d.recurrent_weight, d.recurrent_bias, first.data(),
               {.reverse = way == 1, .lengths = lengths});
      sides.push_back(steps[0]);
      for (const Array& state : steps) result.states.push_back(at_step(state, way == 1 ? 0 : T - 1));
    }
    result.outputs = ways == 1 ? sides[0] : concatenate(sides, 2);
  }
  return result;
}

Array RecurrentLayer::forward(const Array& x) const {
  CarriedState* carried = CarriedState::current();
  if (carried == nullptr || x.rank() != 3) return run(x).outputs;
  std::vector<Array> first;
  std::vector<Variable> variables;
  const auto count = static_cast<std::size_t>(states_of_direction());
  for (std::size_t i = 0; i < static_cast<std::size_t>(states()); ++i) {
    const bool is_reverse = options_.bidirectional && i / count % 2 == 1;
    const TensorType type{options_.dtype, Shape{x.shape()[0], units_}};
    variables.push_back(is_reverse ? Variable() : carried->at(*this, static_cast<std::int64_t>(i), type));
    first.push_back(is_reverse ? zeros(type.shape, type.dtype) : variables.back().next());
  }
  const Result result = run(x, first);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].empty()) continue;
    if (current_trace() != nullptr) variables[i].set_next(result.states[i]);
  }
  return result.outputs;
}

Rnn::Rnn(std::int64_t inputs, std::int64_t units, RnnActivation activation,
         const RecurrentLayerOptions& options)
    : RecurrentLayer("rnn", inputs, units, 1, options), activation_(activation) {}
std::string Rnn::text() const {
  std::string text = RecurrentLayer::text();
  if (activation_ == RnnActivation::relu) text.insert(text.size() - 1, ", relu=true");
  return text;
}
std::vector<Array> Rnn::pass(const Array& z, const Array& weight, const Variable&, const Array* states,
                             const RecurrentOptions& options) const {
  return {rnn(z, weight, states[0], activation_, options)};
}
std::unique_ptr<Module> Rnn::replica() const {
  return std::make_unique<Rnn>(inputs_, units_, activation_, options_);
}

Lstm::Lstm(std::int64_t inputs, std::int64_t units, const RecurrentLayerOptions& options)
    : RecurrentLayer("lstm", inputs, units, 4, options) {}
std::vector<Array> Lstm::pass(const Array& z, const Array& weight, const Variable&, const Array* states,
                              const RecurrentOptions& options) const {
  const LstmStates steps = lstm(z, weight, states[0], states[1], options);
  return {steps.h, steps.c};
}
std::unique_ptr<Module> Lstm::replica() const { return std::make_unique<Lstm>(inputs_, units_, options_); }

Gru::Gru(std::int64_t inputs, std::int64_t units, const RecurrentLayerOptions& options)
    : RecurrentLayer("gru", inputs, units, 3, options) {}
std::vector<Array> Gru::pass(const Array& z, const Array& weight, const Variable& recurrent_bias,
                             const Array* states, const RecurrentOptions& options) const {
  return {gru(z, weight, recurrent_bias, states[0], options)};
}
std::unique_ptr<Module> Gru::replica() const { return std::make_unique<Gru>(inputs_, units_, options_); }

Array Last::forward(const Array& x) const {
  if (x.rank() < 2 || x.shape()[1] < 1) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, steps, ...]", name(), x.shape().to_string());
  }
  return squeeze(slice_axis(x, 1, x.shape()[1] - 1, x.shape()[1]), 1);
}
std::unique_ptr<Module> Last::replica() const { return std::make_unique<Last>(); }

namespace {

// A sample [T, features]; one [T] is a sequence of single numbers.
template <std::int64_t blocks, typename Make>
std::unique_ptr<Module> make_recurrent(const LayerSpec& spec, const Shape& input, BuildContext& context,
                                       const Make& make) {
  if (input.rank() != 2) {
    fail(ErrorKind::shape, "it takes sequences [steps, features], not {}; put embedding before it for text",
         input.to_string());
  }
  const std::int64_t units = spec.integer(0);
  const RecurrentLayerOptions options{.layers = spec.integer(1),
                                      .bidirectional = spec.boolean(2),
                                      .dropout = spec.real(3),
                                      .initialisation = context.initialisation(),
                                      .dtype = context.dtype()};
  const std::int64_t ways = options.bidirectional ? 2 : 1;
  for (std::int64_t layer = 0; layer < options.layers; ++layer) {
    const std::int64_t in = layer == 0 ? input[1] : ways * units;
    for (std::int64_t way = 0; way < ways; ++way) {
      context.claim(in + units + 1, blocks * units);
      if (blocks == 3) context.claim(units, 1);
    }
  }
  return make(input[1], units, options);
}

std::unique_ptr<Module> make_rnn(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return make_recurrent<1>(
      spec, input, context, [&](std::int64_t in, std::int64_t units, const auto& options) {
        const RnnActivation activation = spec.boolean(4) ? RnnActivation::relu : RnnActivation::tanh;
        return std::make_unique<Rnn>(in, units, activation, options);
      });
}

template <typename M, std::int64_t blocks>
std::unique_ptr<Module> make_gated(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return make_recurrent<blocks>(spec, input, context,
                                [](std::int64_t in, std::int64_t units, const auto& options) {
                                  return std::make_unique<M>(in, units, options);
                                });
}

std::unique_ptr<Module> make_last(const LayerSpec&, const Shape& input, BuildContext&) {
  if (input.rank() < 1) fail(ErrorKind::shape, "a sample without axes has no last step");
  return std::make_unique<Last>();
}

std::vector<LayerParameter> recurrent_parameters(bool with_activation) {
  std::vector<LayerParameter> parameters{{"units", ArgumentType::integer, 1, 1048576},
                                         {"layers", ArgumentType::integer, 1, 64, false, 1},
                                         {"bidirectional", ArgumentType::boolean, 0, 1, false, 0},
                                         {"dropout", ArgumentType::real, 0.0, 0.999999, false, 0}};
  if (with_activation) parameters.push_back({"relu", ArgumentType::boolean, 0, 1, false, 0});
  return parameters;
}

}  // namespace

extern const LayerDef rnn_layer{
    .name = "rnn",
    .summary = "A recurrent layer of `units` tanh (or rectified) units: the output at every step.",
    .parameters = recurrent_parameters(true),
    .make = make_rnn,
};

extern const LayerDef lstm_layer{
    .name = "lstm",
    .summary = "Long short-term memory of `units` cells: the output at every step.",
    .parameters = recurrent_parameters(false),
    .make = make_gated<Lstm, 4>,
};

extern const LayerDef gru_layer{
    .name = "gru",
    .summary = "Gated recurrent units: the output at every step.",
    .parameters = recurrent_parameters(false),
    .make = make_gated<Gru, 3>,
};

extern const LayerDef last_layer{
    .name = "last", .summary = "The last step of a sequence.", .make = make_last};

}  // namespace retrograd::nn
