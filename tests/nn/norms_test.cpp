// Layers that normalise: their laws, gradients, running statistics.
#include <retrograd/compile.h>
#include <retrograd/model_text.h>
#include <retrograd/norms.h>
#include <retrograd/trace.h>

#include <cmath>

#include "nn/expect_error.h"
#include "nn/finite_difference.h"

namespace {

using namespace retrograd;
using nn_test::Doubles;
using nn_test::expect_error;
using nn_test::expect_gradient;
using nn_test::expect_near;

const nn::NormOptions tiny{.epsilon = 1e-12, .dtype = DType::f64};
// Sums of a few numbers near 1 in f64, and an epsilon of 1e-12.
constexpr double tolerance = 1e-11;

const Doubles x_values = {0.5, 2.0, -1.0, 0.0, 1.0, 3.0, -2.0, 0.7};
const Array x = Array::from(x_values, {2, 4});
const Doubles mixture = {0.3, -1.0, 0.7, 1.1, -0.2, 0.9, 1.3, -0.6};

Doubles values(const Variable& variable) { return variable.read().to_vector<double>(); }

// Any weight and bias, so that their part is seen.
void give_values(const nn::Module& layer) {
  double value = 0.7;
  for (const Variable& parameter : layer.parameters()) {
    Doubles own;
    for (std::int64_t i = 0; i < parameter.size(); ++i) own.push_back(value += 0.3);
    parameter.assign(Array::from(own, parameter.shape()));
  }
}

TEST(LayerNorm, GivesEachSampleMeanZeroAndVarianceOne) {
  const nn::LayerNorm norm(4, tiny);
  const Array y = norm(x);
  expect_near(mean(y, 1), {0.0, 0.0}, tolerance);
  expect_near(mean(square(y), 1), {1.0, 1.0}, tolerance);
}

TEST(LayerNorm, IsItsEquation) {
  const nn::LayerNorm norm(4, {.epsilon = 0.1, .dtype = DType::f64});
  give_values(norm);
  Doubles expected;
  for (std::size_t n = 0; n < 2; ++n) {
    double centre = 0, variance = 0;
    for (std::size_t j = 0; j < 4; ++j) centre += x_values[4 * n + j] / 4;
    for (std::size_t j = 0; j < 4; ++j) variance += std::pow(x_values[4 * n + j] - centre, 2) / 4;
    for (std::size_t j = 0; j < 4; ++j) {
      expected.push_back((x_values[4 * n + j] - centre) / std::sqrt(variance + 0.1) *
                             values(norm.parameters()[0])[j] +
                         values(norm.parameters()[1])[j]);
    }
  }
  expect_near(norm(x), expected, tolerance);
}

TEST(RmsNorm, GivesEachSampleMeanSquareOne) {
  const nn::RmsNorm norm(4, tiny);
  expect_near(mean(square(norm(x)), 1), {1.0, 1.0}, tolerance);
  EXPECT_EQ(norm.parameters().size(), 1u);
}

TEST(Norms, HaveTheGradientsOfTheCentralDifference) {
  const Array weights = Array::from(mixture, {2, 4});
  const auto check = [&](const nn::Module& layer) {
    give_values(layer);
    expect_gradient([&](const Array& at) { return sum(layer(at) * weights); }, x_values, {2, 4});
  };
  check(nn::LayerNorm(4, {.dtype = DType::f64}));
  check(nn::RmsNorm(4, {.dtype = DType::f64}));
  check(nn::BatchNorm(4, {.dtype = DType::f64}));  // by the running statistics
  const ModeScope training(Mode::training);
  check(nn::BatchNorm(4, {.epsilon = 0.3, .dtype = DType::f64}));
}

// Of a weight and a bias: the sums over the batch of dE/dy times the normalised input, and of dE/dy.
TEST(Norms, HaveTheGradientsOfTheirParameters) {
  const nn::LayerNorm norm(4, tiny);
  const Array weights = Array::from(mixture, {2, 4});
  const Array error = sum(norm(x) * weights);
  const std::vector<Array> slopes = gradients(error, norm.parameters());
  expect_near(slopes[0], sum(norm(x) * weights, 0).to_vector<double>(), tolerance);
  expect_near(slopes[1], sum(weights, 0).to_vector<double>(), tolerance);
}

// Four samples of two features.
const Doubles batch_values = {1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 6.0, 0.0};
const Array batch = Array::from(batch_values, {4, 2});

TEST(BatchNorm, GivesEachFeatureOfABatchMeanZeroAndVarianceOneInTraining) {
  const nn::BatchNorm norm(2, {.epsilon = 1e-12, .dtype = DType::f64});
  const ModeScope training(Mode::training);
  const Array y = norm(batch);
  expect_near(mean(y, 0), {0.0, 0.0}, tolerance);
  expect_near(mean(square(y), 0), {1.0, 1.0}, tolerance);
}

// Means 3 and 15; sums of squared differences 14 and 500, over n - 1 = 3.
TEST(BatchNorm, MovesItsRunningStatisticsInTrainingAndUsesThemInEvaluation) {
  const nn::BatchNorm norm(2, {.epsilon = 1e-12, .momentum = 0.25, .dtype = DType::f64});
  const Variable running_mean = norm.variables()[2];
  const Variable running_variance = norm.variables()[3];
  EXPECT_EQ(running_mean.name(), "running_mean");
  auto train = compile([&](const Array& in) { return norm(in); }, {.mode = Mode::training});
  train(batch);
  expect_near(running_mean, {0.25 * 3, 0.25 * 15}, tolerance);
  expect_near(running_variance, {0.75 + 0.25 * 14 / 3, 0.75 + 0.25 * 500 / 3}, tolerance);
  train(batch);
  expect_near(running_mean, {(1 - 0.75 * 0.75) * 3, (1 - 0.75 * 0.75) * 15}, tolerance);
  const Doubles centre = values(running_mean), variance = values(running_variance);
  auto evaluate = compile([&](const Array& in) { return norm(in); }, {.mode = Mode::evaluation});
  Doubles expected;
  for (std::size_t i = 0; i < 8; ++i) {
    expected.push_back((batch_values[i] - centre[i % 2]) / std::sqrt(variance[i % 2]));
  }
  expect_near(evaluate(batch), expected, tolerance);
  EXPECT_EQ(values(running_mean), centre);
}

TEST(BatchNorm, BuildsOnItsOwnUpdateWhenItIsUsedTwiceInAStep) {
  const nn::BatchNorm norm(2, {.momentum = 0.5, .dtype = DType::f64});
  auto train = compile([&](const Array& in) { return norm(in) + norm(in); }, {.mode = Mode::training});
  train(batch);
  expect_near(norm.variables()[2], {0.75 * 3, 0.75 * 15}, tolerance);
}

// A padded batch is normalised as the batch without its padding, and leaves the same running statistics.
TEST(BatchNorm, LeavesOutSamplesOfWeightZero) {
  const nn::BatchNorm plain(2, {.dtype = DType::f64});
  const nn::BatchNorm padded(2, {.dtype = DType::f64});
  auto on_plain = compile([&](const Array& in) { return plain(in); }, {.mode = Mode::training});
  auto on_padded = compile(
      [&](const Array& in, const Array& w) {
        const nn::SampleWeightsScope weights(w);
        return padded(in);
      },
      {.mode = Mode::training});
  Doubles longer = batch_values;
  longer.insert(longer.end(), {99.0, -99.0, 0.0, 7.0});
  const Doubles y = on_plain(batch).to_vector<double>();
  Doubles other =
      on_padded(Array::from(longer, {6, 2}), Array::from(Doubles{1, 1, 1, 1, 0, 0}, {6})).to_vector<double>();
  other.resize(8);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(other[i], y[i], tolerance);
  for (const std::size_t i : {2u, 3u}) {
    expect_near(padded.variables()[i], values(plain.variables()[i]), tolerance);
  }
  EXPECT_EQ(nn::sample_weights(), nullptr);
}

// One real sample has a mean and no variance: nothing is learned from it.
TEST(BatchNorm, KeepsItsRunningStatisticsWhenOneSampleIsLeft) {
  const nn::BatchNorm norm(2, {.dtype = DType::f64});
  auto train = compile(
      [&](const Array& in, const Array& w) {
        const nn::SampleWeightsScope weights(w);
        return norm(in);
      },
      {.mode = Mode::training});
  const Doubles y = train(batch, Array::from(Doubles{1, 0, 0, 0}, {4})).to_vector<double>();
  EXPECT_EQ(y[0], 0.0);
  EXPECT_EQ(values(norm.variables()[2]), (Doubles{0.0, 0.0}));
  EXPECT_EQ(values(norm.variables()[3]), (Doubles{1.0, 1.0}));
}

// [N, C, H, W]: one mean for each channel, over samples and places.
TEST(BatchNorm, TakesImagesByTheirChannels) {
  const nn::BatchNorm norm(2, {.epsilon = 1e-12, .dtype = DType::f64});
  const Array images = Array::from(batch_values, {2, 2, 1, 2});
  const ModeScope training(Mode::training);
  const Array y = norm(images);
  expect_near(mean(y, {0, 2, 3}), {0.0, 0.0}, tolerance);
  expect_near(mean(square(y), {0, 2, 3}), {1.0, 1.0}, tolerance);
}

// The norm alone sees the value of a convolution, not the convolution. Sums of 18 products in f64.
TEST(BatchNorm, IsPartOfTheConvolutionBeforeItInEvaluation) {
  for (const char* text :
       {"conv(3, 2, bias=false), batch_norm", "conv(4, 3, stride=2, padding=1), batch_norm",
        "conv(4, 1, groups=2), batch_norm(0.1)", "conv(64, 4), batch_norm"}) {
    const nn::Sequential net = nn::build_model(text, {2, 5, 4}, {.dtype = DType::f64});
    double value = 0.3;
    for (const Variable& variable : net.children()[1]->variables()) {
      Doubles own;
      for (std::int64_t i = 0; i < variable.size(); ++i) own.push_back(value += 0.2);
      variable.assign(Array::from(own, variable.shape()));
    }
    Doubles numbers;
    for (int i = 0; i < 120; ++i) numbers.push_back(std::sin(1.3 * i));
    const Array images = Array::from(numbers, {3, 2, 5, 4});
    const Array between = (*net.children()[0])(images);
    const Array apart = (*net.children()[1])(Array::from(between.to_vector<double>(), between.shape()));
    expect_near(net(images), apart.to_vector<double>(), tolerance);
  }
}

// What is left on images is a step with the convolution, its bias and the activation in it.
TEST(BatchNorm, HasNoStepOverTheImagesBehindAConvolution) {
  const auto image_steps = [](const char* text) {
    const nn::Sequential net = nn::build_model(text, {2, 8, 8});
    auto f = compile([&](const Array& in) { return net(in); }, {.mode = Mode::evaluation});
    f(zeros({4, 2, 8, 8}));
    const std::string plan = f.describe();
    int count = 0;
    for (std::size_t at = plan.find("f32[4, "); at != plan.npos; at = plan.find("f32[4, ", at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(image_steps("conv(16, 3, padding=1), batch_norm, relu"),
            image_steps("conv(16, 3, padding=1), relu"));
}

TEST(BatchNorm, ItsRunningStatisticsAreStateAndNoParameters) {
  const nn::Sequential net = nn::build_model("linear(3), batch_norm", {2});
  EXPECT_EQ(net.parameters().size(), 4u);
  ASSERT_EQ(net.variables().size(), 6u);
  EXPECT_EQ(net.variables()[4].name(), "batch_norm_1.running_mean");
  net.variables()[4].assign(Array::of({1, 2, 3}));
  EXPECT_EQ(nn::cloned(net).variables()[4].read().to_vector<float>(), (std::vector<float>{1, 2, 3}));
}

TEST(Norms, TellWhatDoesNotFit) {
  expect_error(ErrorKind::shape, "layer_norm: got [2, 4], expected [batch, ..., 3]", [] {
    nn::LayerNorm(3)(zeros({2, 4}));
  });
  expect_error(ErrorKind::shape, "batch_norm: got [2, 4], expected [batch, 3, ...]", [] {
    nn::BatchNorm(3)(zeros({2, 4}));
  });
  expect_error(ErrorKind::shape, "without a spread; take a larger batch", [] {
    const ModeScope training(Mode::training);
    nn::BatchNorm(3)(zeros({1, 3}));
  });
  expect_error(ErrorKind::argument, "0 features", [] { nn::RmsNorm norm(0); });
  expect_error(ErrorKind::argument, "epsilon is 0", [] { nn::LayerNorm norm(1, {.epsilon = 0}); });
  expect_error(ErrorKind::argument, "momentum is 0", [] { nn::BatchNorm norm(1, {.momentum = 0}); });
  expect_error(ErrorKind::shape, "expected f32 or f64 of shape [batch]", [] {
    nn::SampleWeightsScope scope(zeros({1, 3}));
  });
}

TEST(Norms, KeepTheirText) {
  const std::string text =
      "layer_norm, layer_norm(0.001), rms_norm, batch_norm, batch_norm(0.001), batch_norm(1e-05, 0.2)";
  EXPECT_EQ(nn::build_model(text, {4}).text(), text);
  EXPECT_EQ(nn::cloned(nn::build_model(text, {4})).text(), text);
}

}  // namespace
