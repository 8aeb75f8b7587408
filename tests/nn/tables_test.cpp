// bilinear and embedding, and the freezing of parameters.
#include <retrograd/compile.h>
#include <retrograd/model_text.h>

#include "nn/expect_error.h"
#include "nn/finite_difference.h"

namespace {

using namespace retrograd;
using nn_test::Doubles;
using nn_test::expect_error;
using nn_test::expect_near;
using Floats = std::vector<float>;

// W_ijk = i + 2 j + 10 k for i, j, k = 0, 1; a = (1, 2), b = (3, 5):
// z_0 = sum_ij a_i b_j (i + 2 j) = 3 * 0 + 5 * 2 + 6 * 1 + 10 * 3 = 46, z_1 = 46 + 10 * (1 + 2)(3 + 5) = 286.
TEST(Bilinear, SumsTheProductsOfTwoInputs) {
  const nn::Bilinear layer(2, 2, 2);
  layer.weight().assign(Array::from(Floats{0, 10, 2, 12, 1, 11, 3, 13}, {2, 2, 2}));
  layer.bias().assign(Array::of({0.5f, -0.5f}));
  const Array a = Array::from(Floats{1, 2}, {1, 2});
  const Array b = Array::from(Floats{3, 5}, {1, 2});
  EXPECT_EQ(layer(a, b).to_vector<float>(), (Floats{46.5f, 285.5f}));
  EXPECT_EQ(layer(a).to_vector<float>(), layer(a, a).to_vector<float>());
}

TEST(Bilinear, HasTheGradientOfTheCentralDifference) {
  const nn::Bilinear layer(3, 3, 2, {.seed = 4, .dtype = DType::f64});
  const Array weights = Array::from(Doubles{1.0, -2.0, 0.5, 0.7}, {2, 2});
  nn_test::expect_gradient([&](const Array& x) { return sum(layer(x) * weights); },
                           {0.5, 2.0, -1.0, 0.3, 1.0, 1.5}, {2, 3});
}

TEST(Bilinear, RefusesWhatDoesNotFit) {
  const nn::Bilinear layer(2, 3, 1);
  expect_error(ErrorKind::shape, "bilinear: got [1, 2] and [1, 2], expected [batch, 2] and [batch, 3]", [&] {
    layer(zeros({1, 2}));
  });
  expect_error(ErrorKind::argument, "0 outputs", [] { nn::Bilinear wrong(1, 1, 0); });
  expect_error(ErrorKind::argument, "too many products", [] { nn::build_model("bilinear(1)", {65537}); });
}

TEST(Embedding, GivesTheRowsThatIndicesName) {
  const nn::Embedding layer(3, 2);
  layer.weight().assign(Array::from(Floats{0, 1, 10, 11, 20, 21}, {3, 2}));
  const Array indices = Array::from(std::vector<std::int32_t>{2, 0, 2}, {3});
  EXPECT_EQ(layer(indices).to_vector<float>(), (Floats{20, 21, 0, 1, 20, 21}));
  EXPECT_EQ(layer(Array::from(Floats{2, 0, 2}, {1, 3})).shape(), (Shape{1, 3, 2}));
  EXPECT_EQ(layer(Array::from(Floats{2, 0, 2}, {1, 3})).to_vector<float>(), (Floats{20, 21, 0, 1, 20, 21}));
}

TEST(Embedding, SumsTheGradientsOfARow) {
  const nn::Embedding layer(3, 2, {.dtype = DType::f64});
  const Array indices = Array::from(std::vector<std::int64_t>{2, 0, 2}, {3});
  const Array weights = Array::from(Doubles{1, 2, 3, 4, 5, 6}, {3, 2});
  const std::vector<Array> slopes = gradients(sum(layer(indices) * weights), layer.parameters());
  expect_near(slopes[0], {3, 4, 0, 0, 6, 8}, 0.0);
}

TEST(Embedding, FindsAnIndexOutsideItsTable) {
  const nn::Embedding layer(3, 2);
  expect_error(ErrorKind::data, "3",
               [&] { layer(Array::from(std::vector<std::int32_t>{3}, {1})).to_vector<float>(); });
  expect_error(ErrorKind::argument, "0 entries", [] { nn::Embedding wrong(0, 1); });
}

TEST(Tables, KeepTheirText) {
  const std::string text = "embedding(10, 4), flatten, bilinear(3), bilinear(2, bias=false)";
  const nn::Sequential net = nn::build_model(text, {5});
  EXPECT_EQ(net.text(), text);
  EXPECT_EQ(net.parameters()[0].shape(), (Shape{10, 4}));
  EXPECT_EQ(net.parameters()[1].shape(), (Shape{20, 20, 3}));
  EXPECT_EQ(nn::cloned(net).text(), text);
}

// Updates all parameters that are not frozen, as optimizers do.
void train(const nn::Module& net, const Array& x) {
  auto step = compile([&](const Array& in) {
    const std::vector<Variable> parameters = net.parameters();
    const std::vector<Array> slopes = gradients(sum(square(net(in) - 1.0)), parameters);
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      if (parameters[i].trainable()) parameters[i].set_next(parameters[i] - 0.01 * slopes[i]);
    }
  });
  step(x);
}

std::vector<Floats> values(const nn::Module& module) {
  std::vector<Floats> all;
  for (const Variable& variable : module.variables()) all.push_back(variable.read().to_vector<float>());
  return all;
}

TEST(Frozen, ParametersKeepTheirBitsWhileOthersLearn) {
  const nn::Sequential net = nn::build_model("linear(3), residual(linear(3), tanh), linear(1)", {2});
  net[1].set_trainable(false);
  const std::vector<Floats> before = values(net);
  train(net, ones({4, 2}));
  const std::vector<Floats> after = values(net);
  ASSERT_EQ(after.size(), 6u);
  for (const std::size_t i : {0u, 1u, 4u, 5u}) EXPECT_NE(after[i], before[i]) << i;
  for (const std::size_t i : {2u, 3u}) EXPECT_EQ(after[i], before[i]) << i;
}

TEST(Frozen, ParametersStayParametersAndCanBeSetFree) {
  const nn::Sequential net = nn::build_model("linear(3), linear(1)", {2});
  net.set_trainable(false);
  EXPECT_EQ(net.parameters().size(), 4u);
  for (const Variable& parameter : nn::cloned(net).parameters()) EXPECT_FALSE(parameter.trainable());
  net[1].set_trainable(true);
  EXPECT_FALSE(net.parameters()[1].trainable());
  EXPECT_TRUE(net.parameters()[2].trainable());
}

}  // namespace
