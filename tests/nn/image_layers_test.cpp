// Layers for images: shapes, texts, laws, gradients, and networks by name.
#include <retrograd/compile.h>
#include <retrograd/image_layers.h>
#include <retrograd/model_text.h>
#include <retrograd/trace.h>

#include <cmath>

#include "nn/expect_error.h"
#include "nn/finite_difference.h"

namespace {

using namespace retrograd;
using nn::build_model;
using nn_test::Doubles;
using nn_test::expect_error;
using nn_test::expect_gradient;

Doubles numbers(std::int64_t count) {
  Doubles values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(std::sin(1.7 * static_cast<double>(i)) + 0.1);
  return values;
}

TEST(Conv, AddsABiasToEachOutputOfAKernel) {
  const nn::Conv layer(1, 2, {1, 1}, {.dtype = DType::f64});
  layer.weight().assign(Array::from(Doubles{2.0, -1.0}, {2, 1, 1, 1}));
  layer.bias().assign(Array::from(Doubles{0.5, 10.0}, {2}));
  const Array x = Array::from(Doubles{1, 2}, {1, 1, 1, 2});
  EXPECT_EQ(layer(x).to_vector<double>(), (Doubles{2.5, 4.5, 9.0, 8.0}));
}

TEST(Conv, TakesSignalsImagesAndVolumes) {
  EXPECT_EQ(nn::Conv(2, 3, {3})(ones({4, 2, 8})).shape(), (Shape{4, 3, 6}));
  EXPECT_EQ(nn::Conv(2, 3, {3, 1})(ones({4, 2, 8, 5})).shape(), (Shape{4, 3, 6, 5}));
  EXPECT_EQ(nn::Conv(2, 3, {1, 2, 3})(ones({1, 2, 4, 4, 4})).shape(), (Shape{1, 3, 4, 3, 2}));
}

TEST(ImageLayers, HaveTheGradientsOfTheCentralDifference) {
  const char* texts[] = {"conv(3, 3, padding=same, stride=2)",
                         "conv(4, 2, groups=2, dilation=2)",
                         "conv_transpose(3, 3, stride=2)",
                         "avg_pool(3, stride=2, padding=1)",
                         "max_pool(2)",
                         "adaptive_avg_pool(3)",
                         "global_avg_pool",
                         "upsample(2)",
                         "upsample(2, linear=true)",
                         "group_norm(2)",
                         "instance_norm",
                         "residual(conv(4, 3, padding=1, stride=2), tanh)"};
  for (const char* text : texts) {
    SCOPED_TRACE(text);
    const nn::Sequential net = build_model(text, {2, 4, 5}, {.dtype = DType::f64});
    const Shape out = nn::output_shape(net, {2, 4, 5});
    Shape batch{2};
    for (const std::int64_t extent : out) batch.push_back(extent);
    const Array weights = Array::from(numbers(batch.size()), batch);
    expect_gradient([&](const Array& x) { return sum(square(net(x)) * weights); }, numbers(80), {2, 2, 4, 5});
  }
}

TEST(ImageLayers, KeepTheirText) {
  const std::string texts[] = {"conv(4, 3, stride=2, padding=1, dilation=2, groups=2, bias=false)",
                               "conv(4, 3, padding=same)",
                               "conv_transpose(4, 3, stride=2, padding=1, output_padding=1)",
                               "max_pool(3, stride=2, padding=1)",
                               "avg_pool(2), avg_pool(2, stride=1, padding=1, count_include_pad=true)",
                               "adaptive_avg_pool(3), adaptive_max_pool(2), global_max_pool",
                               "upsample(2), upsample(2, linear=true)",
                               "group_norm(2), group_norm(2, 0.001), instance_norm, spatial_dropout(0.25)",
                               "image(1, 18, 9), global_avg_pool"};
  for (const std::string& text : texts) {
    const nn::Sequential net = build_model(text, {2, 9, 9});
    EXPECT_EQ(net.text(), text);
    EXPECT_EQ(nn::cloned(net).text(), text);
  }
}

TEST(ImageLayers, NameThemselvesAndTheShapeWhereATextDoesNotFit) {
  expect_error(
      ErrorKind::shape,
      "model text, column 1: conv for a sample [64]: it takes images [channels, height, width], not [64]; "
      "put image(channels, height, width) before it",
      [] { build_model("conv(4, 3)", {64}); });
  expect_error(
      ErrorKind::shape,
      "model text, column 13: max_pool for a sample [4, 1, 1]: max_pool: a window of 2 does not fit in 1",
      [] {
        build_model("conv(4, 3), max_pool(2)", {1, 3, 3});
      });
  expect_error(ErrorKind::shape, "column 13: linear for a sample [4, 3, 3]: it takes one row of numbers", [] {
    build_model("conv(4, 1), linear(2)", {1, 3, 3});
  });
  expect_error(ErrorKind::argument, "conv: padding is \"sane\"; expected a whole number or same or valid",
               [] {
                 build_model("conv(4, 3, padding=sane)", {1, 8, 8});
               });
  expect_error(ErrorKind::argument, "3 groups do not divide 4 channels", [] {
    build_model("conv(6, 3, groups=3)", {4, 8, 8});
  });
  expect_error(ErrorKind::shape,
               "image: got [1, 64], expected [batch, ...] with 63 numbers for a sample: 1 x 7 x 9",
               [] { build_model("image(1, 7, 9)", {64}); });
}

TEST(Residual, ProjectsWhereItsBodyChangesTheShape) {
  const nn::Sequential net = build_model("residual(conv(8, 3, stride=2, padding=1), relu)", {4, 7, 7});
  EXPECT_EQ(net.text(),
            "residual(conv(8, 3, stride=2, padding=1), relu, shortcut(conv(8, 1, stride=2, bias=false), "
            "batch_norm))");
  EXPECT_EQ(nn::output_shape(net, {4, 7, 7}), (Shape{8, 4, 4}));
  EXPECT_EQ(build_model(net.text(), {4, 7, 7}).text(), net.text());
  EXPECT_EQ(build_model("residual(linear(3), shortcut(linear(3)))", {2}).text(),
            "residual(linear(3), shortcut(linear(3)))");
  expect_error(ErrorKind::argument, "shortcut for a sample [2]: it stands last inside of residual(...) only",
               [] { build_model("shortcut(relu)", {2}); });
}

TEST(Residual, AddsItsShortcut) {
  const nn::Residual layer{nn::Sequential(nn::Relu()), nn::Sequential(nn::Tanh())};
  const Array x = Array::from(Doubles{-1.0, 2.0}, {1, 2});
  EXPECT_EQ(layer(x).to_vector<double>(), (Doubles{std::tanh(-1.0), 2.0 + std::tanh(2.0)}));
}

TEST(SpatialDropout, DropsWholeChannels) {
  const ModeScope training(Mode::training);
  const nn::SpatialDropout layer(0.5);
  const std::vector<float> y = layer(ones({8, 8, 2, 2})).to_vector<float>();
  int kept = 0;
  for (std::size_t channel = 0; channel < 64; ++channel) {
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(y[4 * channel + i], y[4 * channel]);
    EXPECT_TRUE(y[4 * channel] == 0.0f || y[4 * channel] == 2.0f);
    if (y[4 * channel] != 0.0f) ++kept;
  }
  // 64 draws of probability 1/2: outside of 12 to 52 with probability below 1e-6.
  EXPECT_GT(kept, 12);
  EXPECT_LT(kept, 52);
}

TEST(SpatialDropout, IsTheIdentityInEvaluation) {
  const Array x = ones({2, 2, 2, 2});
  EXPECT_EQ(nn::SpatialDropout(0.5)(x).to_vector<float>(), x.to_vector<float>());
}

TEST(GroupNorm, GivesEachGroupMeanZeroAndVarianceOne) {
  const nn::GroupNorm norm(2, 4, {.epsilon = 1e-12, .dtype = DType::f64});
  const Array y = norm(Array::from(numbers(48), {2, 4, 2, 3}));
  const Array groups = reshape(y, {2, 2, 12});
  nn_test::expect_near(mean(groups, -1), Doubles(4, 0.0), 1e-12);
  nn_test::expect_near(mean(square(groups), -1), Doubles(4, 1.0), 1e-10);
  expect_error(ErrorKind::argument, "3 groups do not divide 4 channels", [] { nn::GroupNorm wrong(3, 4); });
}

TEST(InstanceNorm, IsTheGroupNormOfOneChannelAGroup) {
  const Array x = Array::from(numbers(48), {2, 4, 2, 3});
  EXPECT_EQ(nn::InstanceNorm(4, {.dtype = DType::f64})(x).to_vector<double>(),
            nn::GroupNorm(4, 4, {.dtype = DType::f64})(x).to_vector<double>());
}

TEST(Summary, CountsTheWorkOfAConvolution) {
  const auto rows =
      nn::summary(build_model("conv(4, 3), max_pool(2), global_avg_pool", {2, 6, 6}), {2, 6, 6});
  EXPECT_EQ(rows[0].output_shape, (Shape{4, 4, 4}));
  EXPECT_EQ(rows[0].parameters, 4 * 2 * 9 + 4);
  EXPECT_EQ(rows[0].flops, 64 * 2 * 2 * 9);  // 18 products, as many sums with the bias
  EXPECT_EQ(rows[1].flops, 4 * 4 * 4);
  EXPECT_EQ(rows[2].output_shape, Shape{4});
}

std::int64_t parameters(const char* name, const Shape& input) {
  return nn::parameter_count(build_model(nn::expand_model(name, input, 10), input));
}

TEST(NamedModels, HaveTheSizesOfTheirPapers) {
  // 6 (25 + 1) + 16 (6 25 + 1) + 120 (16 25 + 1) + 84 121 + 10 85: C3 is connected to all maps of S2.
  EXPECT_EQ(parameters("lenet5", {1, 28, 28}), 156 + 2416 + 48120 + 10164 + 850);
  EXPECT_EQ(parameters("nielsen-cnn", {1, 28, 28}), 20 * 26 + 40 * 501 + 100 * 641 + 10 * 101);
  // 269,722 where shortcuts are padded with zeros (0.27 million in He et al. 2016); two projections with
  // batch norm more.
  EXPECT_EQ(parameters("resnet(20)", {3, 32, 32}), 269722 + 2752);
  // torchvision's resnet18 has 11,689,512 with 1000 classes; 990 outputs of 513 less.
  EXPECT_EQ(parameters("resnet(18)", {3, 224, 224}), 11689512 - 990 * 513);
}

TEST(NamedModels, FitSmallAndLargeImages) {
  for (const char* name : {"lenet", "resnet(8)", "resnet(18)", "autoencoder(4)"}) {
    for (const Shape& input : {Shape{1, 8, 8}, Shape{3, 20, 33}}) {
      const std::string text = nn::expand_model(name, input, 7);
      const Shape output = nn::output_shape(build_model(text, input), input);
      EXPECT_EQ(output, Shape{std::string_view(name) == "autoencoder(4)" ? input.size() : 7}) << name;
    }
  }
}

TEST(Skip, PutsWhatComesInBeforeWhatItsBodyMakes) {
  const nn::Sequential net = build_model("skip(linear(1), tanh)", {2}, {.dtype = DType::f64});
  const nn::Sequential body = build_model("linear(1), tanh", {2}, {.dtype = DType::f64});
  nn::copy_values(net, body);
  const Array x = Array::from(Doubles{1, 2, 3, 4}, {2, 2});
  const Doubles y = body(x).to_vector<double>();
  EXPECT_EQ(net(x).to_vector<double>(), (Doubles{1, 2, y[0], 3, 4, y[1]}));
  const Array weights = Array::from(Doubles{0.3, -1, 0.7, 1.1, -0.2, 0.9}, {2, 3});
  expect_gradient([&](const Array& at) { return sum(net(at) * weights); }, {1, 2, 3, 4}, {2, 2});
}

TEST(Skip, SaysWhatDoesNotFit) {
  expect_error(ErrorKind::shape, "all extents but that of axis 1 must be equal", [] {
    build_model("skip(max_pool(2))", {3, 8, 8});
  });
}

TEST(NamedModels, AUnetGivesImagesOfTheSizeOfItsInput) {
  const auto output = [](const char* name, const Shape& input, std::int64_t outputs) {
    const std::string text = nn::expand_model(name, input, outputs);
    const nn::Sequential net = build_model(text, input);
    EXPECT_EQ(net.text(), text);
    return nn::output_shape(net, input);
  };
  EXPECT_EQ(output("unet", {1, 8, 12}, 96), (Shape{1, 8, 12}));
  EXPECT_EQ(output("unet(4, 3)", {3, 16, 8}, 5 * 128), (Shape{5, 16, 8}));
  // Of one level: pairs of 3 x 3 kernels 3 -> 4 -> 4, 4 -> 8 -> 8, a way up 8 -> 4, a pair 8 -> 4 -> 4, and 4
  // -> 2.
  EXPECT_EQ(nn::parameter_count(build_model(nn::expand_model("unet(4, 1)", {3, 8, 8}, 128), {3, 8, 8})),
            (27 + 1) * 4 + (36 + 1) * 4 + (36 + 1) * 8 + (72 + 1) * 8 + (72 + 1) * 4 + (72 + 1) * 4 +
                (36 + 1) * 4 + (4 + 1) * 2);
  expect_error(ErrorKind::shape, "10 outputs are no whole channels of it", [] {
    nn::expand_model("unet", {1, 8, 8}, 10);
  });
  expect_error(ErrorKind::shape, "expected multiples of 4", [] { nn::expand_model("unet", {1, 8, 10}, 80); });
}

// Noise on bars: what a small unet gives is nearer to them than what it gets, on images it was not shown.
TEST(NamedModels, AUnetLearnsToRemoveNoise) {
  const auto make = [](int seed, std::vector<float>& clean, std::vector<float>& noisy) {
    unsigned state = static_cast<unsigned>(seed);
    for (int i = 0; i < 16; ++i) {
      for (int at = 0; at < 64; ++at) {
        const float bar = (i % 2 == 0 ? at / 8 : at % 8) == i / 2 ? 1.0f : 0.0f;
        state = state * 1664525u + 1013904223u;
        clean.push_back(bar);
        noisy.push_back(bar + static_cast<float>(state >> 8) / 16777216.0f - 0.5f);
      }
    }
  };
  std::vector<float> clean, noisy, other_clean, other_noisy;
  make(1, clean, noisy);
  make(2, other_clean, other_noisy);
  const Shape shape{16, 1, 8, 8};
  const nn::Sequential net = build_model(nn::expand_model("unet(4, 1)", {1, 8, 8}, 64), {1, 8, 8});
  auto step = compile([&](const Array& in, const Array& wanted) {
    const Array loss = mean(square(net(in) - wanted));
    const std::vector<Array> slopes = gradients(loss, net.parameters());
    for (std::size_t i = 0; i < slopes.size(); ++i)
      net.parameters()[i].set_next(net.parameters()[i] - 0.3 * slopes[i]);
    return loss;
  });
  for (int i = 0; i < 500; ++i) step(Array::from(noisy, shape), Array::from(clean, shape));
  const Array wanted = Array::from(other_clean, shape), given = Array::from(other_noisy, shape);
  const float before = mean(square(given - wanted)).item<float>();  // 1/12, of uniform noise
  EXPECT_LT(mean(square(net(given) - wanted)).item<float>(), 0.5f * before);
}

TEST(NamedModels, LeaveOtherTextsAlone) {
  EXPECT_EQ(nn::expand_model("linear(3), relu", {2}, 5), "linear(3), relu");
  EXPECT_EQ(nn::expand_model("lenet7", {1, 28, 28}, 5), "lenet7");
}

TEST(NamedModels, SayWhatDoesNotFit) {
  expect_error(ErrorKind::shape,
               "lenet5: takes images [channels, height, width] of at least 28 x 28, not samples [64]",
               [] { nn::expand_model("lenet5", {64}, 10); });
  expect_error(ErrorKind::argument, "resnet: 19 layers; expected 18, 34, or 6 n + 2", [] {
    nn::expand_model("resnet(19)", {3, 32, 32}, 10);
  });
  expect_error(ErrorKind::argument, "lenet: got (3); expected no arguments", [] {
    nn::expand_model("lenet(3)", {1, 28, 28}, 10);
  });
}

// Bars of either direction: a convolution finds them after a few steps.
TEST(ImageLayers, LearnTheDirectionOfABar) {
  std::vector<float> images(16 * 64, 0.0f), targets(16, 0.0f);
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = 0; j < 8; ++j)
      images[64 * i + (i % 2 == 0 ? 8 * (i / 2) + j : 8 * j + i / 2)] = 1.0f;
    targets[i] = i % 2 == 0 ? 1.0f : -1.0f;
  }
  const Array x = Array::from(images, {16, 1, 8, 8});
  const Array t = Array::from(targets, {16, 1});
  const nn::Sequential net =
      build_model("conv(4, 3, padding=same), relu, max_pool(2), flatten, linear(1)", {1, 8, 8});
  auto step = compile([&](const Array& in, const Array& wanted) {
    const Array loss = mean(square(net(in) - wanted));
    const std::vector<Array> slopes = gradients(loss, net.parameters());
    for (std::size_t i = 0; i < slopes.size(); ++i)
      net.parameters()[i].set_next(net.parameters()[i] - 0.05 * slopes[i]);
    return loss;
  });
  const float first = step(x, t).item<float>();
  for (int i = 0; i < 300; ++i) step(x, t);
  EXPECT_LT(step(x, t).item<float>(), 0.1f * first);
}

}  // namespace
