// Mazur's example.
#include <retrograd/explain.h>

#include <vector>

namespace retrograd::explain {
namespace {

Array doubles(const std::vector<double>& values, const Shape& shape) {
  return Array::from(std::span<const double>(values), shape);
}

// w [inputs, units], b [units], held fixed.
nn::Linear layer(const std::vector<double>& w, double b) {
  nn::Linear linear(2, 2, {.dtype = DType::f64});
  linear.weight().assign(doubles(w, {2, 2}));
  Variable bias = linear.bias();
  bias.assign(doubles({b, b}, {2}));
  bias.set_trainable(false);
  return linear;
}

}  // namespace

// The example's w1 w2 feed h1, w3 w4 feed h2; w5 w6 feed o1, w7 w8 feed o2.
Record mazur_example() {
  const nn::Sequential network(layer({.15, .25, .20, .30}, .35), nn::Sigmoid(),
                               layer({.40, .50, .45, .55}, .60), nn::Sigmoid());
  Record record = explain_step(network, doubles({.05, .10}, {1, 2}), doubles({.01, .99}, {1, 2}),
                               "half_squared_error", {.learning_rate = 0.5});
  record.notes.push_back(
      "The network is that of Mazur, \"A step by step backpropagation example\", 2015: his w1 w2 are w_11 "
      "w_21 "
      "of linear_1, his w5 w6 those of linear_2.");
  return record;
}

}  // namespace retrograd::explain
