// Convolution, pooling and up-sampling as functions: padding, transposition, laws, errors. Values and
// derivatives of the ops are tested by the table.
#include <gtest/gtest.h>
#include <retrograd/convolution.h>
#include <retrograd/error.h>
#include <retrograd/eval.h>
#include <retrograd/ops.h>
#include <retrograd/pooling.h>
#include <retrograd/resampling.h>

#include <numeric>

namespace retrograd::testing {
namespace {

using Doubles = std::vector<double>;

// 0.1, 0.2, ... with alternating signs.
Array numbers(const Shape& shape) {
  Doubles values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = (i % 3 == 0 ? -0.1 : 0.1) * static_cast<double>(i % 17 + 1);
  return Array::from(std::span<const double>(values), shape);
}

double inner(const Array& a, const Array& b) { return sum(a * b).item<double>(); }

std::string message_of(Array (*f)()) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

TEST(Convolution, SamePaddingGivesAnOutputForEachStride) {
  const Array w = numbers({4, 2, 3, 5});
  const auto shape_at = [&](std::int64_t stride) {
    return convolution(numbers({1, 2, 7, 8}), w, {.stride = {stride}, .padding = Padding::same()}).shape();
  };
  EXPECT_EQ(shape_at(1), (Shape{1, 4, 7, 8}));
  EXPECT_EQ(shape_at(2), (Shape{1, 4, 4, 4}));
  EXPECT_EQ(shape_at(3), (Shape{1, 4, 3, 3}));
}

TEST(Convolution, OfSizeOneIsALinearMapOfTheChannels) {
  const Array x = numbers({2, 3, 2, 2});
  const Array w = numbers({4, 3, 1, 1});
  const Array expected =
      transpose(matmul(reshape(transpose(x, {0, 2, 3, 1}), {8, 3}), transpose(reshape(w, {4, 3}))));
  const Doubles found = transpose(convolution(x, w), {1, 0, 2, 3}).to_vector<double>();
  const Doubles wanted = expected.to_vector<double>();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(found[i], wanted[i], 1e-14);  // sums of 3 products
}

TEST(Convolution, InGroupsIsThatOfEachGroup) {
  const Array x = numbers({2, 4, 5, 5});
  const Array w = numbers({6, 2, 3, 3});
  const Array whole = convolution(x, w, {.groups = 2});
  const Array parts = concatenate({convolution(slice_axis(x, 1, 0, 2), slice_axis(w, 0, 0, 3)),
                                   convolution(slice_axis(x, 1, 2, 4), slice_axis(w, 0, 3, 6))},
                                  1);
  EXPECT_EQ(whole.to_vector<double>(), parts.to_vector<double>());
}

// <convolution(x, w), y> = <x, convolution_transpose(y, w)>
TEST(ConvolutionTranspose, IsTheTransposedMap) {
  const Array w = numbers({4, 3, 3, 2});
  for (const std::int64_t stride : {1, 2, 3}) {
    const Array x = numbers({2, 3, 7, 6});
    const Array y = convolution(x, w, {.stride = {stride}, .padding = 1});
    const Array g = numbers(y.shape());
    std::vector<std::int64_t> more;  // what the stride left over
    for (int axis : {2, 3}) more.push_back((x.shape()[axis] + 2 - w.shape()[axis]) % stride);
    const Array back =
        convolution_transpose(g, w, {.stride = {stride}, .padding = 1, .output_padding = more});
    ASSERT_EQ(back.shape(), x.shape());
    EXPECT_NEAR(inner(y, g), inner(x, back), 1e-11);  // sums of some thousand products near 1
  }
}

TEST(ConvolutionTranspose, WithSamePaddingMultipliesTheExtentsByTheStride) {
  const Array y = convolution_transpose(numbers({1, 2, 3, 4}), numbers({2, 5, 4, 4}),
                                        {.stride = {2}, .padding = Padding::same()});
  EXPECT_EQ(y.shape(), (Shape{1, 5, 6, 8}));
}

TEST(Convolution, SaysWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              return convolution(numbers({1, 2, 4, 4}), numbers({3, 2, 5, 3}));
            }),
            "shape| convolution: a window of 5 does not fit in 4 elements of spatial axis 0");
  EXPECT_EQ(
      message_of([] {
        return convolution(numbers({1, 3, 4, 4}), numbers({3, 2, 3, 3}));
      }),
      "shape| convolution: an image [1, 3, 4, 4] of 3 channels for weights [3, 2, 3, 3]; expected weights "
      "[outputs, 3, kernel...]");
  EXPECT_EQ(message_of([] {
              return convolution(numbers({1, 3, 4, 4}), numbers({4, 1, 3, 3}), {.groups = 2});
            }),
            "argument| convolution: 2 groups do not divide 3 channels into 4");
  EXPECT_EQ(
      message_of([] {
        return convolution(numbers({1, 3, 4, 4}), numbers({4, 3, 3}));
      }),
      "shape| convolution: got f64[1, 3, 4, 4] and weights f64[4, 3, 3]; expected both of rank 3, 4 or 5");
  EXPECT_EQ(
      message_of([] {
        return convolution(numbers({1, 2, 4, 4}), numbers({3, 2, 1, 1}), {.stride = {1, 2, 3}});
      }),
      "argument| convolution: stride has 3 numbers for 2 spatial axes; expected one for all or one for each");
}

TEST(Pooling, OfTheWholeImageIsTheGlobalOne) {
  const Array x = numbers({2, 3, 4, 5});
  EXPECT_EQ(global_max_pool(x).to_vector<double>(), max_pool(x, {.window = {4, 5}}).to_vector<double>());
  EXPECT_EQ(global_max_pool(x).to_vector<double>(), adaptive_max_pool(x, {1}).to_vector<double>());
  const Doubles mean = global_average_pool(x).to_vector<double>();
  const Doubles pooled = adaptive_average_pool(x, {1}).to_vector<double>();
  for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(mean[i], pooled[i], 1e-15);
}

TEST(Pooling, AdaptiveWindowsAreTheRegularOnesWhereTheyDivide) {
  const Array x = numbers({1, 2, 6, 8});
  EXPECT_EQ(adaptive_average_pool(x, {3, 4}).to_vector<double>(), average_pool(x).to_vector<double>());
}

TEST(Pooling, CountsPaddingOnlyWhereToldTo) {
  const Array x = ones({1, 1, 2, 2}, DType::f64);
  EXPECT_EQ(average_pool(x, {.window = {2}, .padding = 1}).to_vector<double>(), Doubles(4, 1.0));
  EXPECT_EQ(average_pool(x, {.window = {2}, .padding = 1, .count_include_pad = true}).to_vector<double>(),
            Doubles(4, 0.25));
}

TEST(Pooling, OfPaddedNegativesNeverGivesThePadding) {
  const Array x = full({1, 1, 3, 3}, -2.0, DType::f64);
  EXPECT_EQ(max_pool(x, {.window = {3}, .stride = {1}, .padding = 1}).to_vector<double>(), Doubles(9, -2.0));
}

TEST(Pooling, SaysWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              return max_pool(numbers({2, 3}), {});
            }),
            "shape| max_pool: got f64[2, 3]; expected images [N, C, W], [N, C, H, W] or [N, C, D, H, W]");
  EXPECT_EQ(message_of([] {
              return max_pool(numbers({1, 1, 2, 2}), {.window = {2}, .padding = 2});
            }),
            "argument| max_pool: padding 2 for a window of 2; expected 0 <= padding < window");
  EXPECT_EQ(message_of([] {
              return average_pool(numbers({1, 1, 2, 2}), {.window = {3}});
            }),
            "shape| average_pool: a window of 3 does not fit in 2 elements of spatial axis 0");
}

TEST(Upsampling, RepeatsEachElement) {
  const Array x = Array::from(Doubles{1, 2, 3, 4}, {1, 1, 2, 2});
  EXPECT_EQ(upsample_nearest(x, {1, 2}).to_vector<double>(), (Doubles{1, 1, 2, 2, 3, 3, 4, 4}));
  EXPECT_EQ(upsample_nearest(x, {2}).shape(), (Shape{1, 1, 4, 4}));
}

// By hand: outputs at -1/4, 1/4, 3/4, 5/4 of inputs 0 and 1.
TEST(Upsampling, InterpolatesBetweenHalfPixels) {
  const Array x = Array::from(Doubles{1, 2}, {1, 1, 2});
  EXPECT_EQ(upsample_linear(x, {2}).to_vector<double>(), (Doubles{1.0, 1.25, 1.75, 2.0}));
  const Array plane = Array::from(Doubles{0, 4, 8, 12}, {1, 1, 2, 2});
  EXPECT_EQ(upsample_linear(plane, {2}).to_vector<double>(),
            (Doubles{0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12}));
}

TEST(Upsampling, KeepsAConstantImage) {
  const Doubles found = upsample_linear(full({1, 2, 3, 5}, 0.75, DType::f64), {3}).to_vector<double>();
  for (double value : found) EXPECT_NEAR(value, 0.75, 1e-15);
}

}  // namespace
}  // namespace retrograd::testing
