// sigmoid, tanh, relu, softmax.
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Array Sigmoid::forward(const Array& x) const { return sigmoid(x); }
std::unique_ptr<Module> Sigmoid::replica() const { return std::make_unique<Sigmoid>(); }

Array Tanh::forward(const Array& x) const { return tanh(x); }
std::unique_ptr<Module> Tanh::replica() const { return std::make_unique<Tanh>(); }

Array Relu::forward(const Array& x) const { return relu(x); }
std::unique_ptr<Module> Relu::replica() const { return std::make_unique<Relu>(); }

std::string Softmax::text() const { return axis_ == -1 ? "softmax" : fmt::format("softmax({})", axis_); }
Array Softmax::forward(const Array& x) const { return softmax(x, axis_); }
std::unique_ptr<Module> Softmax::replica() const { return std::make_unique<Softmax>(axis_); }

namespace {

template <typename M>
std::unique_ptr<Module> make(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<M>();
}

std::unique_ptr<Module> make_softmax(const LayerSpec& spec, const Shape& input, BuildContext&) {
  const std::int64_t axis = spec.integer(0);
  if (axis == 0 || axis < -input.rank() || axis > input.rank()) {
    fail(ErrorKind::shape, "axis {} is none of a sample {}; expected -{} to -1, or 1 to {}", axis,
         input.to_string(), input.rank(), input.rank());
  }
  return std::make_unique<Softmax>(static_cast<int>(axis));
}

}  // namespace

extern const LayerDef sigmoid_layer{
    .name = "sigmoid", .summary = "y = 1 / (1 + exp(-x)).", .make = make<Sigmoid>};

extern const LayerDef tanh_layer{.name = "tanh", .summary = "y = tanh(x).", .make = make<Tanh>};

extern const LayerDef relu_layer{.name = "relu", .summary = "y = max(x, 0).", .make = make<Relu>};

extern const LayerDef softmax_layer{
    .name = "softmax",
    .summary = "Probabilities: exp(x_i) / sum_j exp(x_j) along an axis; axis 0 is the batch.",
    .parameters = {{"axis", ArgumentType::integer, -8, 8, false, -1}},
    .make = make_softmax,
};

}  // namespace retrograd::nn
