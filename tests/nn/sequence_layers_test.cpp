// Recurrent layers, attention, transformer blocks and positions as modules. What the functions compute is
// tested with the ops (tests/ops).
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/gradients.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>
#include <retrograd/recurrent_layers.h>
#include <retrograd/transformer.h>

#include <cmath>
#include <random>

#include "nn/expect_error.h"

namespace {

using namespace retrograd;
using nn_test::expect_error;

Array drawn(const Shape& shape, unsigned seed, DType dtype = DType::f64) {
  std::mt19937 generator(seed);
  std::vector<double> values;
  for (std::int64_t i = 0; i < shape.size(); ++i) values.push_back(generator() * 0x1p-31 - 1.0);
  const Array wide = Array::from(std::span<const double>(values), shape);
  return dtype == DType::f64 ? wide : cast(wide, dtype);
}

void expect_near(const Array& found, const Array& expected, double tolerance) {
  ASSERT_EQ(found.shape(), expected.shape());
  const std::vector<double> a = found.to_vector<double>(), b = expected.to_vector<double>();
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance * (1 + std::abs(b[i]))) << i;
}

Array at_step(const Array& x, std::int64_t t) { return squeeze(slice_axis(x, 1, t, t + 1), 1); }

// A layer of its own parameters, step by step.
Array lstm_by_steps(const nn::Lstm& layer, const Array& x) {
  const std::vector<Variable> p = layer.parameters();
  Array h = zeros({x.shape()[0], layer.units()}, DType::f64), c = h;
  std::vector<Array> steps;
  for (std::int64_t t = 0; t < x.shape()[1]; ++t) {
    const std::vector<Array> gates = split(matmul(at_step(x, t), p[0]) + matmul(h, p[1]) + p[2].read(), 4, 1);
    c = sigmoid(gates[1]) * c + sigmoid(gates[0]) * tanh(gates[2]);
    h = sigmoid(gates[3]) * tanh(c);
    steps.push_back(h);
  }
  return stack(steps, 1);
}

// Sums of a few terms near 1 in f64.
TEST(Lstm, IsItsEquationsInValueGradientAndSecondGradient) {
  const nn::Lstm layer(3, 5, {.seed = 2, .dtype = DType::f64});
  const Array x = drawn({2, 4, 3}, 1);
  const auto all = [&](const Array& y) {
    std::vector<Array> targets{x};
    for (const Variable& parameter : layer.parameters()) targets.push_back(parameter);
    std::vector<Array> results{y};
    Array slopes = zeros(Shape{}, DType::f64);
    for (const Array& d : gradients(sum(square(y)), targets)) {
      results.push_back(d);
      slopes = slopes + sum(square(d));
    }
    for (const Array& d : gradients(slopes, targets)) results.push_back(d);
    return results;
  };
  const std::vector<Array> found = all(layer(x)), expected = all(lstm_by_steps(layer, x));
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], expected[i], 1e-11);
}

TEST(Lstm, ForgetsLittleAtFirst) {
  const std::vector<float> bias = nn::Lstm(1, 2).parameters()[2].read().to_vector<float>();
  EXPECT_EQ(bias, (std::vector<float>{0, 0, 1, 1, 0, 0, 0, 0}));
}

// In f32 the kernels compute what f64 gives by the expansion: 12 steps of sums of 40 terms, 6e-8 each.
TEST(RecurrentLayers, InSinglePrecisionHaveTheGradientsOfDouble) {
  const auto check = [](const nn::RecurrentLayer& wide, const nn::RecurrentLayer& single) {
    nn::copy_values(wide, single);
    const Array x = drawn({9, 12, 3}, 1);
    const Array x32 = cast(x, DType::f32);
    const Array lengths = Array::from(std::vector<std::int32_t>{12, 3, 1, 0, 7, 12, 11, 5, 2}, {9});
    const auto slopes = [&](const nn::RecurrentLayer& layer, const Array& in) {
      const nn::RecurrentLayer::Result result = layer.run(in, {}, lengths);
      Array error = sum(square(result.outputs));
      for (const Array& state : result.states) error = error + sum(state);
      std::vector<Array> targets{in};
      for (const Variable& parameter : layer.parameters()) targets.push_back(parameter);
      return gradients(error, targets);
    };
    const std::vector<Array> expected = slopes(wide, x), found = slopes(single, x32);
    for (std::size_t i = 0; i < found.size(); ++i) expect_near(cast(found[i], DType::f64), expected[i], 3e-5);
  };
  nn::RecurrentLayerOptions wide{.layers = 2, .bidirectional = true, .seed = 3, .dtype = DType::f64};
  nn::RecurrentLayerOptions single = wide;
  single.dtype = DType::f32;
  check(nn::Lstm(3, 10, wide), nn::Lstm(3, 10, single));
  check(nn::Gru(3, 10, wide), nn::Gru(3, 10, single));
  check(nn::Rnn(3, 10, RnnActivation::tanh, wide), nn::Rnn(3, 10, RnnActivation::tanh, single));
}

// The forward half sees the steps before, the other those behind.
TEST(RecurrentLayers, BothWaysSeeBothSides) {
  const nn::Gru layer(1, 2, {.bidirectional = true, .seed = 1, .dtype = DType::f64});
  const Array x = drawn({1, 5, 1}, 1);
  const Array y = layer(x);
  ASSERT_EQ(y.shape(), (Shape{1, 5, 4}));
  const Array first = gradients(sum(slice(y, {0, 0, 0}, {1, 1, 2})), {x})[0];
  const Array second = gradients(sum(slice(y, {0, 4, 2}, {1, 5, 4})), {x})[0];
  const std::vector<double> a = first.to_vector<double>(), b = second.to_vector<double>();
  for (std::size_t t = 1; t < 5; ++t) EXPECT_EQ(a[t], 0) << t;
  for (std::size_t t = 0; t < 4; ++t) EXPECT_EQ(b[t], 0) << t;
  EXPECT_NE(a[0], 0);
  EXPECT_NE(b[4], 0);
}

TEST(RecurrentLayers, PaddingChangesNothingBeforeIt) {
  for (const bool bidirectional : {false, true}) {
    const nn::Lstm layer(2, 3, {.bidirectional = bidirectional, .seed = 1, .dtype = DType::f64});
    const Array x = drawn({1, 6, 2}, 1);
    const Array alone = layer(slice_axis(x, 1, 0, 4));
    const Array lengths = Array::from(std::vector<std::int32_t>{4}, {1});
    expect_near(slice_axis(layer.run(x, {}, lengths).outputs, 1, 0, 4), alone, 1e-14);
  }
}

TEST(RecurrentLayers, GoOnFromGivenStates) {
  const nn::Lstm layer(2, 3, {.layers = 2, .seed = 1, .dtype = DType::f64});
  const Array x = drawn({2, 6, 2}, 1);
  const auto first = layer.run(slice_axis(x, 1, 0, 2));
  ASSERT_EQ(first.states.size(), 4u);
  const auto rest = layer.run(slice_axis(x, 1, 2, 6), first.states);
  expect_near(concatenate({first.outputs, rest.outputs}, 1), layer(x), 1e-14);
  expect_error(ErrorKind::argument, "1 states were given; expected none or 4", [&] {
    layer.run(x, {zeros({2, 3}, DType::f64)});
  });
}

// Three compiled steps of two tokens are one of six.
TEST(CarriedState, GoesOnFromStepToStep) {
  const nn::Sequential net(nn::Gru(2, 3, {.seed = 1}), nn::Rnn(3, 2, RnnActivation::relu, {.seed = 2}));
  const Array x = drawn({2, 6, 2}, 1, DType::f32);
  nn::CarriedState state;
  auto step = compile([&](const Array& in) {
    const nn::CarriedStateScope scope(state);
    return net(in);
  });
  const auto parts = [&] {
    std::vector<Array> outputs;
    for (std::int64_t t = 0; t < 6; t += 2) outputs.push_back(step(slice_axis(x, 1, t, t + 2)));
    return concatenate(outputs, 1).to_vector<float>();
  };
  const std::vector<float> expected = net(x).to_vector<float>();
  const std::vector<float> found = parts();
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-6) << i;
  EXPECT_EQ(state.variables().size(), 2u);
  state.reset();
  EXPECT_EQ(parts(), found);
  expect_error(ErrorKind::shape, "one CarriedState serves one batch size",
               [&] { step(slice_axis(slice_axis(x, 0, 0, 1), 1, 0, 2)); });
}

TEST(Attention, OfACausalLayerSeesNoLaterStep) {
  const nn::MultiHeadAttention layer(6, 2, {.causal = true, .rotary = false, .seed = 1, .dtype = DType::f64});
  const Array x = drawn({1, 4, 6}, 1);
  const std::vector<double> d = gradients(sum(at_step(layer(x), 1)), {x})[0].to_vector<double>();
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NE(d[i], 0) << i;
  for (std::size_t i = 12; i < 24; ++i) EXPECT_EQ(d[i], 0) << i;
}

TEST(Attention, ReadsAnotherSequence) {
  const nn::MultiHeadAttention layer(4, 4, {.groups = 2, .seed = 1, .dtype = DType::f64});
  const Array x = drawn({2, 3, 4}, 1), memory = drawn({2, 5, 4}, 2);
  const Array lengths = Array::from(std::vector<std::int32_t>{2, 5}, {2});
  const Array y = layer(x, memory, lengths);
  EXPECT_EQ(y.shape(), x.shape());
  const std::vector<double> d = gradients(sum(y), {memory})[0].to_vector<double>();
  for (std::size_t i = 8; i < 20; ++i) EXPECT_EQ(d[i], 0) << i;  // padding of the first sequence
  EXPECT_NE(d[7], 0);
  EXPECT_NE(d[39], 0);
  expect_error(ErrorKind::argument, "heads that divide the width",
               [] { nn::MultiHeadAttention wrong(6, 4); });
}

TEST(TransformerBlock, IsItsEquationsWithTheNormFirstAndLast) {
  for (const bool norm_first : {true, false}) {
    const nn::TransformerBlock block(
        6, 2, {.causal = true, .norm_first = norm_first, .seed = 4, .dtype = DType::f64});
    const Array x = drawn({2, 3, 6}, 1);
    const auto call = [&](std::size_t i, const Array& in) { return (*block.children()[i])(in); };
    const auto network = [&](const Array& in) { return call(3, gelu(call(2, in))); };
    Array y = norm_first ? x + call(0, call(1, x)) : call(1, x + call(0, x));
    y = norm_first ? y + network(call(4, y)) : call(4, y + network(y));
    expect_near(block(x), y, 1e-13);
  }
}

TEST(TransformerBlock, OfADecoderReadsTheEncoder) {
  const nn::TransformerBlock block(4, 2, {.causal = true, .cross = true, .dtype = DType::f64});
  const Array x = drawn({1, 3, 4}, 1), memory = drawn({1, 2, 4}, 2);
  const Array d = gradients(sum(square(block(x, memory))), {memory})[0];
  for (const double slope : d.to_vector<double>()) EXPECT_NE(slope, 0);
  expect_error(ErrorKind::argument, "the outputs of an encoder", [&] { block(x); });
}

TEST(Positions, AreAddedToEachStep) {
  const nn::Positions layer(5, 2, DType::f64, 1);
  const Array y = layer(zeros({2, 3, 2}, DType::f64));
  expect_near(at_step(y, 2),
              broadcast_to(reshape(slice_axis(layer.parameters()[0], 0, 2, 3), {1, 2}), {2, 2}), 0);
  expect_error(ErrorKind::shape, "up to 5 steps", [&] { layer(zeros({1, 6, 2}, DType::f64)); });
  expect_near(nn::SinusoidalPositions()(zeros({1, 3, 4}, DType::f64)),
              reshape(sinusoidal_positions(3, 4, DType::f64), {1, 3, 4}), 0);
}

TEST(SequenceLayers, KeepTheirText) {
  const std::string text =
      "embedding(9, 6), positions(7), sinusoidal_positions, attention(2, causal=true, groups=1), "
      "transformer_block(3, hidden=8, norm_first=false), rnn(3, relu=true), lstm(4, layers=2, "
      "bidirectional=true, "
      "dropout=0.5), gru(5), linear(4), last, linear(2)";
  const nn::Sequential net = nn::build_model(text, {7}, {.seed = 3});
  EXPECT_EQ(net.text(), text);
  EXPECT_EQ(nn::output_shape(net, {7}), Shape{2});
  EXPECT_EQ(nn::cloned(net).text(), text);
  EXPECT_EQ(nn::build_model(net.text(), {7}, {.seed = 3}).parameters()[5].read().to_vector<float>(),
            net.parameters()[5].read().to_vector<float>());
}

// What a text asks for is what it gets: a model file is built with a budget of its own parameters.
TEST(SequenceLayers, ClaimTheirParameters) {
  for (const char* text :
       {"embedding(9, 6), positions(7), attention(2, groups=1)",
        "embedding(9, 6), transformer_block(3, hidden=8), transformer_block(6, groups=2)",
        "embedding(9, 6), rnn(3), lstm(4, layers=2, bidirectional=true), gru(5), linear(4)"}) {
    const std::int64_t count = nn::parameter_count(nn::build_model(text, {7}));
    nn::build_model(text, {7}, {.max_parameters = count});
    expect_error(ErrorKind::argument, "are left for this model",
                 [&] { nn::build_model(text, {7}, {.max_parameters = count - 1}); });
  }
}

TEST(SequenceLayers, LanguageModelsHaveNames) {
  EXPECT_EQ(nn::expand_model("lstm-lm(128, 2)", {50}, 65),
            "embedding(65, 128), lstm(128, layers=2), linear(65)");
  EXPECT_EQ(nn::expand_model("gru-lm(32, 1, 8)", {50}, 65),
            "embedding(65, 8), gru(32, layers=1), linear(65)");
  const nn::Sequential gpt = nn::build_model(nn::expand_model("gpt(2, 4, 16)", {9}, 11), {9});
  EXPECT_EQ(gpt.text(),
            "embedding(11, 16), positions(9), transformer_block(4, causal=true), transformer_block(4, "
            "causal=true), layer_norm, linear(11)");
  EXPECT_EQ(nn::output_shape(gpt, {9}), (Shape{9, 11}));
  expect_error(ErrorKind::argument, "up to 3 whole numbers above 0",
               [] { nn::expand_model("gpt(4, 4, 128, 7)", {9}, 11); });
  expect_error(ErrorKind::shape, "reads text", [] { nn::expand_model("gpt", {3, 8, 8}, 10); });
}

TEST(SequenceLayers, TheVocabularyTellsTheEntriesOfAnEmbedding) {
  EXPECT_EQ(nn::build_model("embedding(6), gru(2)", {7}, {.vocabulary = 9}).text(),
            "embedding(9, 6), gru(2)");
  expect_error(ErrorKind::argument, "write embedding(entries, 6)",
               [] { nn::build_model("embedding(6)", {7}); });
  expect_error(ErrorKind::shape, "put embedding before it", [] { nn::build_model("lstm(6)", {7}); });
}

}  // namespace
