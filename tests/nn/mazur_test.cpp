// Mazur's worked example ("A step by step backpropagation example", 2015) to every printed digit: 2-2-2
// sigmoid network, half squared error, biases held fixed, simultaneous update.
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include <array>
#include <vector>

namespace {

using namespace retrograd;

Array row(std::vector<double> values, const Shape& shape) {
  return Array::from(std::span<const double>(values), shape);
}

// Weights [in, out]: the example's w1 w2 feed h1, w3 w4 feed h2; w5 w6 feed o1, w7 w8 feed o2.
struct Network {
  Variable hidden{row({.15, .25, .20, .30}, {2, 2}), "hidden"};
  Variable output{row({.40, .50, .45, .55}, {2, 2}), "output"};
  Array x = row({.05, .10}, {1, 2});
  Array t = row({.01, .99}, {1, 2});

  Array outputs() const { return sigmoid(matmul(sigmoid(matmul(x, hidden) + .35), output) + .60); }
  Array error() const { return nn::half_squared_error(outputs(), t); }
  std::vector<Variable> weights() const { return {hidden, output}; }
};

// A value printed with n digits is known to half a unit of the last one.
TEST(Mazur, ForwardPassAndError) {
  const Network network;
  const std::vector<double> outputs = network.outputs().to_vector<double>();
  EXPECT_NEAR(outputs[0], .75136507, .5e-8);
  EXPECT_NEAR(outputs[1], .772928465, .5e-9);
  EXPECT_NEAR(network.error().item<double>(), .298371109, .5e-9);
}

TEST(Mazur, Gradients) {
  const Network network;
  const std::vector<Array> g = gradients(network.error(), network.weights());
  EXPECT_NEAR(g[1].to_vector<double>()[0], .082167041, .5e-9);
  EXPECT_NEAR(g[0].to_vector<double>()[0], .000438568, .5e-9);
}

TEST(Mazur, TenThousandSteps) {
  const Network network;
  auto step = compile([&] {
    const Array error = network.error();
    const std::vector<Variable> weights = network.weights();
    const std::vector<Array> g = gradients(error, weights);
    for (std::size_t i = 0; i < g.size(); ++i) weights[i].set_next(weights[i] - 0.5 * g[i]);
    return error;
  });
  step();
  EXPECT_NEAR(network.output.read().to_vector<double>()[0], .35891648, .5e-8);
  EXPECT_NEAR(network.error().item<double>(), .291027774, .5e-9);
  for (int i = 1; i < 10000; ++i) step();
  EXPECT_NEAR(network.error().item<double>(), 3.51019e-5, .5e-10);
}

}  // namespace
