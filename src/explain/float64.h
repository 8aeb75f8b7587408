// A model and its data in float64.
#pragma once

#include <retrograd/array.h>
#include <retrograd/nn.h>

#include <string_view>

namespace retrograd::explain {

// A network of the same form, values and frozen parameters. Throws Error(argument) for a layer that no model
// text can name.
nn::Sequential float64_model(const nn::Sequential& model, const Shape& input_shape);

// Numbers as a float64 leaf.
Array float64_values(const Array& values);

struct Targets {
  Array for_loss;  // as the loss takes them
  Array shown;     // as numbers [N, K] for outputs [N, K]
};
// Labels become one-hot rows where the loss means them so. Throws Error(shape).
Targets float64_targets(const Array& t, std::int64_t outputs, std::string_view loss);

// x [N, ...] without its batch axis.
Shape sample_shape(const Array& x);

}  // namespace retrograd::explain
