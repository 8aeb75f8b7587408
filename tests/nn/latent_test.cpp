// The latent layer of a variational autoencoder, and penalties that layers hand in.
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/latent_layer.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>
#include <retrograd/penalties.h>
#include <retrograd/random.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using Doubles = std::vector<double>;
using nn_test::expect_error;

// A layer whose means are the first half of its inputs and whose logarithms of variances are the other half.
nn::Latent identity(std::int64_t width, double beta = 1) {
  nn::Latent layer(2 * width, width, {.beta = beta, .dtype = DType::f64});
  Doubles unit(static_cast<std::size_t>(4 * width * width));
  for (std::size_t i = 0; i < unit.size(); i += static_cast<std::size_t>(2 * width) + 1) unit[i] = 1;
  layer.parameters()[0].assign(Array::from(unit, {2 * width, 2 * width}));
  return layer;
}

Array divergence(const nn::Module& module, const Array& x) {
  nn::Penalties penalties;
  const nn::PenaltiesScope scope(penalties);
  module(x);
  return penalties.total();
}

// Rows of m_1, m_2, s_1, s_2; the divergences are integrals of p log(p / q) by Simpson's rule with 200,000
// steps over 14 deviations to each side, right to 1e-12.
TEST(Latent, HandsInTheDivergenceOfEachSample) {
  const nn::Latent layer = identity(2);
  const Array x = Array::from(Doubles{0.5, -1.5, -1.2, 0.8, 2, 0, 0, 2.5, 0.3, 0, -3, 1e-4}, {3, 4});
  const Doubles found = divergence(layer, x).to_vector<double>();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_NEAR(found[0], 0.3755971059561 + 1.3377704642462, 1e-11);
  EXPECT_NEAR(found[1], 2 + 4.3412469803517, 1e-11);
  EXPECT_NEAR(found[2], 1.0698935341839 + 2.5000833e-9, 1e-11);
  const Doubles weighed = divergence(identity(2, 0.25), x).to_vector<double>();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(weighed[i], 0.25 * found[i]);
  // Near the minimum it is m^2 / 2 + s^2 / 4, which exp s - 1 - s in f64 would lose; what is lost here is
  // half of the rounding of expm1(s), 2^-53 s.
  const Array near = Array::from(Doubles{1e-9, 0, 2e-9, 0}, {1, 4});
  EXPECT_NEAR(divergence(layer, near).item<double>(), 1.5e-18, 2.3e-25);
}

TEST(Latent, SumsOverAllAxesOfASample) {
  const nn::Latent layer = identity(1);
  const Array x = Array::from(Doubles{1, 0, 2, 0, 3, 0, 4, 0}, {2, 2, 2});
  EXPECT_EQ(layer(x).shape(), (Shape{2, 2, 1}));
  EXPECT_EQ(divergence(layer, x).to_vector<double>(), (Doubles{0.5 + 2, 4.5 + 8}));
}

TEST(Latent, GivesTheMeansInEvaluationWithoutDrawing) {
  const Generator generator(3);
  const GeneratorScope scope(generator);
  const nn::Latent layer = identity(2);
  auto evaluate = compile([&](const Array& x) { return layer(x); }, {.mode = Mode::evaluation});
  const Array x = Array::from(Doubles{0.5, -1.5, 3, 4}, {1, 4});
  EXPECT_EQ(evaluate(x).to_vector<double>(), (Doubles{0.5, -1.5}));
  EXPECT_EQ(evaluate(x).to_vector<double>(), (Doubles{0.5, -1.5}));
  EXPECT_EQ(generator.variable().read().to_vector<std::int64_t>(), (std::vector<std::int64_t>{3, 0}));
}

// 100,000 draws: the mean is off by less than 5 deviations of it, 5 sigma / sqrt(100,000), but with
// probability 6e-7; the variance by 5 sigma^2 sqrt(2 / 100,000) likewise. The seed is fixed.
TEST(Latent, DrawsFromItsGaussianInTraining) {
  const Generator generator(3);
  const GeneratorScope scope(generator);
  const nn::Latent layer = identity(1);
  auto draw = compile([&](const Array& x) { return layer(x); }, {.mode = Mode::training});
  constexpr std::size_t count = 100000;
  Doubles rows;
  for (std::size_t i = 0; i < count; ++i) rows.insert(rows.end(), {1.5, std::log(4.0)});
  const Array x = Array::from(rows, {count, 2});
  const Doubles z = draw(x).to_vector<double>();
  double mean = 0, squares = 0;
  for (const double value : z) mean += value / count;
  for (const double value : z) squares += (value - mean) * (value - mean) / count;
  EXPECT_NEAR(mean, 1.5, 5 * 2 / std::sqrt(count));
  EXPECT_NEAR(squares, 4, 5 * 4 * std::sqrt(2.0 / count));
  EXPECT_NE(draw(x).to_vector<double>(), z) << "another step draws other numbers";
  generator.variable().assign(Array::from(std::vector<std::int64_t>{3, 0}, {2}));
  EXPECT_EQ(draw(x).to_vector<double>(), z) << "the same step draws the same";
}

// z = m + exp(s / 2) e, L = sum c z + KL: dL/dm = c + m, dL/ds = c e exp(s / 2) / 2 + (exp s - 1) / 2.
TEST(Latent, PassesTheGradientThroughWhatItDrew) {
  const Generator generator(3);
  const GeneratorScope scope(generator);
  const nn::Latent layer = identity(1);
  auto step = compile(
      [&](const Array& x) {
        nn::Penalties penalties;
        const nn::PenaltiesScope collects(penalties);
        const Array z = layer(x);
        return std::pair<Array, Array>(z, gradient(sum(3 * z) + sum(penalties.total()), x));
      },
      {.mode = Mode::training});
  const double m = 0.5, s = -0.4, scale = std::exp(s / 2);
  const auto [z, slopes] = step(Array::from(Doubles{m, s}, {1, 2}));
  const double e = (z.item<double>() - m) / scale;
  const Doubles found = slopes.to_vector<double>();
  EXPECT_NEAR(found[0], 3 + m, 1e-12);
  EXPECT_NEAR(found[1], 3 * e * scale / 2 + (std::exp(s) - 1) / 2, 1e-12);
}

TEST(Latent, BeginsWithEachOfItsValuesAnew) {
  const nn::Sequential a = nn::build_model("latent(3), latent(3)", {3}, {.seed = 1});
  EXPECT_EQ(nn::parameter_count(a), 2 * (3 * 6 + 6));
  EXPECT_NE(a.parameters()[0].read().to_vector<float>(), a.parameters()[2].read().to_vector<float>());
  EXPECT_EQ(a.parameters()[0].name(), "latent_1.weight");
}

TEST(Latent, IsALayerOfAModelText) {
  EXPECT_EQ(nn::build_model("latent(3)", {5}).text(), "latent(3)");
  EXPECT_EQ(nn::build_model("latent(3, beta=0.5), linear(2)", {5}).text(), "latent(3, 0.5), linear(2)");
  EXPECT_EQ(nn::build_model("latent(3)", {1, 4, 4}).text(), "flatten, latent(3)");
  EXPECT_EQ(nn::cloned(nn::build_model("latent(3, 4)", {5})).text(), "latent(3, 4)");
  EXPECT_EQ(nn::output_shape(nn::build_model("latent(3)", {5}), {5}), Shape{3});
}

TEST(Latent, SaysWhatItDoesNotTake) {
  expect_error(ErrorKind::argument, "0 inputs and width 3; expected at least 1", [] { nn::Latent(0, 3); });
  expect_error(ErrorKind::argument, "beta is -1; expected a finite number of at least 0",
               [] { nn::Latent(2, 3, {.beta = -1}); });
  expect_error(ErrorKind::shape, "latent: got [4, 3], expected [batch, 2]", [] {
    nn::Latent(2, 3)(zeros({4, 3}));
  });
  expect_error(ErrorKind::argument, "latent: width is \"0\"; expected 1 to",
               [] { nn::build_model("latent(0)", {5}); });
  expect_error(ErrorKind::argument, "latent: beta is \"-1\"", [] { nn::build_model("latent(2, -1)", {5}); });
  expect_error(ErrorKind::shape, "put flatten before it", [] {
    nn::build_model("relu, latent(2)", {1, 4, 4});
  });
}

TEST(Autoencoder, HasACodeWithoutActivationBetweenHiddenLayers) {
  EXPECT_EQ(nn::expand_model("autoencoder(8)", {1, 28, 28}, 784),
            "flatten, linear(32), relu, linear(8), linear(32), relu, linear(784)");
  EXPECT_EQ(nn::expand_model("autoencoder(8)", {20}, 20),
            "linear(20), relu, linear(8), linear(20), relu, linear(20)");
  EXPECT_EQ(nn::expand_model("autoencoder(1)", {3}, 3),
            "linear(16), relu, linear(1), linear(16), relu, linear(3)");
}

TEST(Vae, IsAnEncoderLatentVariablesAndADecoder) {
  EXPECT_EQ(nn::expand_model("vae(2)", {10}, 10),
            "linear(64), relu, latent(2), linear(64), relu, linear(10)");
  EXPECT_EQ(nn::expand_model("vae(8, 0.5)", {1, 28, 28}, 784),
            "flatten, linear(500), relu, latent(8, 0.5), linear(500), relu, linear(784)");
  EXPECT_EQ(nn::expand_model("vae(32)", {10}, 10),
            "linear(128), relu, latent(32), linear(128), relu, linear(10)");
  const auto expect_argument = [](const char* text, const char* message) {
    expect_error(ErrorKind::argument, message, [&] { nn::expand_model(text, {10}, 10); });
  };
  expect_argument("vae(0)", "vae: got (0); expected width=16, beta=1, counts being whole numbers above 0");
  expect_argument("vae(2.5)", "vae: got (2.5)");
  expect_argument("vae(2, -1)", "vae: got (2, -1)");
  expect_argument("autoencoder(2.5)", "autoencoder: got (2.5); expected one whole number above 0");
}

TEST(Penalties, AddUpAndAreCollectedByTheInnermostScope) {
  nn::Penalties outer, inner;
  EXPECT_EQ(nn::Penalties::current(), nullptr);
  {
    const nn::PenaltiesScope of_outer(outer);
    nn::Penalties::current()->add(Array::of({1, 2}));
    {
      const nn::PenaltiesScope of_inner(inner);
      EXPECT_EQ(nn::Penalties::current(), &inner);
      nn::Penalties::current()->add(sum(Array::of({1, 2})));
    }
    nn::Penalties::current()->add(sum(Array::of({5, 5})));
  }
  EXPECT_EQ(nn::Penalties::current(), nullptr);
  EXPECT_EQ(outer.total().to_vector<float>(), (std::vector<float>{11, 12}));
  EXPECT_EQ(inner.total().item<double>(), 3);
  EXPECT_TRUE(nn::Penalties().empty());
}

TEST(Penalties, SayWhatTheyDoNotTake) {
  nn::Penalties penalties;
  expect_error(ErrorKind::shape, "got [2, 2]; expected [batch], a number for each sample, or one number",
               [&] {
                 penalties.add(zeros({2, 2}));
               });
  expect_error(ErrorKind::dtype, "expected f32 or f64",
               [&] { penalties.add(Array::from(std::vector<std::int32_t>{1}, {1})); });
  expect_error(ErrorKind::dtype, "got an empty array", [&] { penalties.add({}); });
  penalties.add(zeros({3}));
  expect_error(ErrorKind::shape, "got [2] behind penalties [3]; they are of one batch",
               [&] { penalties.add(zeros({2})); });
}

}  // namespace
