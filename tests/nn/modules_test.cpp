// Modules: values, names, copies, and layers against their equations.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include <type_traits>
#include <vector>

#include "array/node.h"
#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using nn::Linear;
using nn::Relu;
using nn::Sequential;
using nn_test::expect_error;

using Floats = std::vector<float>;

Array matrix(const Floats& values, const Shape& shape) { return Array::from(values, shape); }

std::vector<std::string> names(const std::vector<Variable>& variables) {
  std::vector<std::string> all;
  for (const Variable& variable : variables) all.push_back(variable.name());
  return all;
}

std::vector<Floats> values(const nn::Module& module) {
  std::vector<Floats> all;
  for (const Variable& variable : module.variables()) all.push_back(variable.read().to_vector<float>());
  return all;
}

// The example of module.h.
class Gate : public nn::Module {
 public:
  explicit Gate(std::int64_t n) : Module("gate"), n_(n), linear_(add_child("linear", Linear(n, n))) {}
  Array forward(const Array& x) const override { return x * sigmoid(linear_(x)); }

 protected:
  std::unique_ptr<Module> replica() const override { return std::make_unique<Gate>(n_); }

 private:
  std::int64_t n_;
  Linear& linear_;
};

TEST(Linear, IsXTimesWPlusB) {
  const Linear linear(2, 3);
  linear.weight().assign(matrix({1, 2, 3, 4, 5, 6}, {2, 3}));
  linear.bias().assign(Array::of({10, 20, 30}));
  EXPECT_EQ(linear(matrix({1, 1, 0, 2}, {2, 2})).to_vector<float>(), (Floats{15, 27, 39, 18, 30, 42}));
}

TEST(Linear, WorksOnTheLastAxisAndWithoutBias) {
  const Linear linear(2, 1, {.bias = false});
  EXPECT_TRUE(linear.bias().empty());
  linear.weight().assign(matrix({1, 10}, {2, 1}));
  const Array y = linear(matrix({1, 2, 3, 4}, {1, 2, 2}));
  EXPECT_EQ(y.shape(), (Shape{1, 2, 1}));
  EXPECT_EQ(y.to_vector<float>(), (Floats{21, 43}));
}

TEST(Linear, NamesItselfAndTheRemedyForAWrongShape) {
  const Sequential net(Linear(784, 30));
  expect_error(ErrorKind::shape, "linear_1: got [5, 28, 28], expected [batch, 784]; put flatten before it",
               [&] {
                 net(zeros({5, 28, 28}));
               });
  expect_error(ErrorKind::argument, "0 inputs", [] { Linear(0, 3); });
}

TEST(Module, NamesParametersByTheirPath) {
  const Sequential net(Linear(2, 2), Relu(), nn::Residual(Sequential(Linear(2, 2))), Gate(2), Linear(2, 1));
  EXPECT_EQ(names(net.parameters()),
            (std::vector<std::string>{"linear_1.weight", "linear_1.bias", "residual_1.body.linear_1.weight",
                                      "residual_1.body.linear_1.bias", "gate_1.linear.weight",
                                      "gate_1.linear.bias", "linear_2.weight", "linear_2.bias"}));
}

TEST(Module, PutsItsNodesInItsScope) {
  const Sequential net(Linear(2, 2), nn::Residual(Sequential(Linear(2, 2))));
  const Array y = net(zeros({1, 2}));
  const Node& add = *y.node();
  ASSERT_TRUE(add.scope);
  EXPECT_EQ(*add.scope, "residual_1");
  EXPECT_EQ(*add.inputs[1].node()->scope, "residual_1/body/linear_1");
}

TEST(Module, IsMoveOnly) {
  EXPECT_FALSE(std::is_copy_constructible_v<Linear>);
  EXPECT_FALSE(std::is_copy_constructible_v<Sequential>);
  EXPECT_TRUE(std::is_move_constructible_v<Sequential>);
}

TEST(Module, WorksAfterItWasMoved) {
  Gate gate(2);
  const Array x = matrix({1, 2}, {1, 2});
  const Floats before = gate(x).to_vector<float>();
  const Gate moved(std::move(gate));
  EXPECT_EQ(moved(x).to_vector<float>(), before);
}

TEST(Clone, IsDeepAndKeepsNamesAndFrozenParameters) {
  const Sequential net(Gate(2), nn::Residual(Sequential(Linear(2, 2), Relu())));
  net.parameters()[1].set_trainable(false);
  const Sequential copy = nn::cloned(net);
  EXPECT_EQ(values(copy), values(net));
  EXPECT_EQ(names(copy.variables()), names(net.variables()));
  EXPECT_FALSE(copy.parameters()[1].trainable());
  const std::vector<Floats> before = values(net);
  copy.parameters()[0].assign(matrix({9, 9, 9, 9}, {2, 2}));
  EXPECT_EQ(values(net), before);
  EXPECT_NE(values(copy), before);
}

TEST(CopyValues, ConvertsBetweenFloatingDtypes) {
  const Linear single(3, 2, {.seed = 5});
  const Linear twice(3, 2, {.dtype = DType::f64});
  nn::copy_values(single, twice);
  EXPECT_EQ(twice.weight().read().to_vector<double>(), single.weight().read().to_vector<double>());
  expect_error(ErrorKind::argument, "does not match", [&] { nn::copy_values(single, Linear(2, 3)); });
}

TEST(Initialise, GivesTheSameBitsForTheSameSeed) {
  Sequential a(Linear(4, 4), Relu(), Linear(4, 4));
  Sequential b(Linear(4, 4), Relu(), Linear(4, 4));
  EXPECT_EQ(values(a), values(b));
  a.initialise(7);
  EXPECT_NE(values(a), values(b));
  b.initialise(7);
  EXPECT_EQ(values(a), values(b));
}

TEST(Sequential, StartsEqualLayersWithDifferentValues) {
  const Sequential net(Linear(3, 3), Linear(3, 3));
  EXPECT_NE(values(net)[0], values(net)[2]);
}

TEST(Sequential, KeepsTheValuesOfALayerThatWasUsed) {
  Linear used(2, 2);
  const Floats mine = {1, 2, 3, 4};
  used.weight().assign(matrix(mine, {2, 2}));
  const Sequential net(Linear(2, 2), std::move(used));
  EXPECT_EQ(values(net)[2], mine);
  Sequential inner(Linear(2, 2));
  const std::vector<Floats> before = values(inner);
  const Sequential outer(Linear(2, 2), std::move(inner));
  EXPECT_EQ(values(outer)[2], before[0]);
}

// U(-c, c) with c^2 = 6 / in before a ReLU (He), 6 / (in + out) otherwise (Glorot). The largest of 10,000
// draws exceeds 0.99 c except with probability 0.99^10000 < 1e-43.
TEST(Sequential, ScalesWeightsByTheActivationThatFollows) {
  const Sequential net(Linear(100, 100), nn::Dropout(0.5), Relu(), Linear(100, 100), nn::Tanh());
  const std::vector<Floats> all = values(net);
  const auto largest = [&](std::size_t i) {
    float most = 0;
    for (const float w : all[i]) most = std::max(most, std::abs(w));
    return most;
  };
  EXPECT_LE(largest(0), std::sqrt(6.0 / 100));
  EXPECT_GE(largest(0), 0.99 * std::sqrt(6.0 / 100));
  EXPECT_LE(largest(2), std::sqrt(6.0 / 200));
  EXPECT_GE(largest(2), 0.99 * std::sqrt(6.0 / 200));
  EXPECT_EQ(all[1], Floats(100, 0.0f));
}

TEST(Sequential, GivesLogitsBeforeALastActivation) {
  const Sequential net(Linear(2, 2), nn::Softmax());
  const Array x = matrix({1, 2}, {1, 2});
  EXPECT_EQ(softmax(net.logits(x)).to_vector<float>(), net(x).to_vector<float>());
  const Sequential open(Linear(2, 2), Relu());
  EXPECT_EQ(open.logits(x).to_vector<float>(), open(x).to_vector<float>());
}

TEST(Residual, AddsItsInput) {
  const nn::Residual residual{Sequential(Relu())};
  EXPECT_EQ(residual(matrix({-1, 2}, {1, 2})).to_vector<float>(), (Floats{-1, 4}));
  const nn::Residual wrong{Sequential(Linear(2, 3))};
  expect_error(ErrorKind::shape, "must be equal", [&] { wrong(zeros({1, 2})); });
}

TEST(Flatten, KeepsTheBatch) {
  const Array y = nn::Flatten()(matrix({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2}));
  EXPECT_EQ(y.shape(), (Shape{2, 4}));
  EXPECT_EQ(y.to_vector<float>(), (Floats{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Activations, AreTheirFunctions) {
  const Array x = matrix({-1, 0, 2}, {1, 3});
  EXPECT_EQ(nn::Relu()(x).to_vector<float>(), (Floats{0, 0, 2}));
  EXPECT_EQ(nn::Sigmoid()(x).to_vector<float>(), sigmoid(x).to_vector<float>());
  EXPECT_EQ(nn::Tanh()(x).to_vector<float>(), tanh(x).to_vector<float>());
  EXPECT_EQ(nn::Softmax()(x).to_vector<float>(), softmax(x).to_vector<float>());
}

// XOR: not linearly separable, so the hidden layer must have learned.
TEST(Sequential, LearnsXor) {
  const Sequential net(Linear(2, 8), nn::Tanh(), Linear(8, 2));
  auto step = compile([&](const Array& x, const Array& t) {
    const Array error = nn::cross_entropy(net(x), t);
    const std::vector<Variable> parameters = net.parameters();
    const std::vector<Array> g = gradients(error, parameters);
    for (std::size_t i = 0; i < g.size(); ++i) parameters[i].set_next(parameters[i] - g[i]);
    return error;
  });
  const Array x = matrix({0, 0, 0, 1, 1, 0, 1, 1}, {4, 2});
  const Array t = Array::from(std::vector<std::int32_t>{0, 1, 1, 0}, {4});
  for (int i = 0; i < 500; ++i) step(x, t);
  EXPECT_LT(step(x, t).item<float>(), 0.05f);
  EXPECT_EQ(argmax(net(x)).to_vector<std::int32_t>(), (std::vector<std::int32_t>{0, 1, 1, 0}));
}

}  // namespace
