// What holds at kinks, ties, NaN and the ends of ranges, as the ops' conventions say; and what the functions
// do besides making one node: broadcasting, views, constants, random ordinals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "array/node.h"
#include "array/trace_state.h"
#include "ops/samples.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsNan;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// The values by an optimised plan: in f32 by fast kernels where there are, in f64 by reference kernels. (A
// plain plan stops at the NaN and infinities that some of these tests want.)
std::vector<double> numbers(const Array& x) { return values({x}, false)[0]; }
Array with_dtype(std::initializer_list<double> of, DType dtype) {
  return array_of(of, {dtype, Shape{static_cast<std::int64_t>(of.size())}});
}

std::vector<float> floats(const Array& x) { return x.to_vector<float>(); }
std::vector<int> ints(const Array& x) { return x.to_vector<std::int32_t>(); }

Array matrix(std::initializer_list<float> values, const Shape& shape) {
  return reshape(Array::of(values), shape);
}

TEST(Conventions, TheDerivativeAtAKinkIsZero) {
  const Array x = Array::of({-1, 0, 2});
  EXPECT_THAT(floats(gradient(sum(relu(x)), x)), ElementsAre(0, 0, 1));
  EXPECT_THAT(floats(gradient(sum(abs(x)), x)), ElementsAre(-1, 0, 1));
}

TEST(Conventions, EqualOperandsOfMaximumShareTheGradient) {
  const Array a = Array::of({1, 2, 3});
  const Array b = Array::of({2, 2, 2});
  const std::vector<Array> d = gradients(sum(maximum(a, b)), {a, b});
  EXPECT_THAT(floats(d[0]), ElementsAre(0, 0.5f, 1));
  EXPECT_THAT(floats(d[1]), ElementsAre(1, 0.5f, 0));
}

TEST(Conventions, TiesOfMaxShareTheGradient) {
  const Array x = matrix({5, 1, 5, 2, 3, 1}, Shape{2, 3});
  EXPECT_THAT(floats(gradient(sum(max(x, 1)), x)), ElementsAre(0.5f, 0, 0.5f, 0, 1, 0));
}

TEST(Conventions, WhereSelectsAndNeverMultiplies) {
  const Array x = Array::of({-1, 4});
  const Array y = where(greater(x, 0.0), sqrt(x), 0.0);
  EXPECT_THAT(numbers(y), ElementsAre(0, 2));
}

TEST(Conventions, NanIsTheLargest) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({1, nan, 7}, dtype);
    EXPECT_TRUE(std::isnan(numbers(max(x))[0]));
    EXPECT_EQ(numbers(argmax(x))[0], 1);
    EXPECT_THAT(numbers(maximum(x, 2.0)), ElementsAre(2, IsNan(), 7));
    EXPECT_THAT(numbers(maximum(2.0, x)), ElementsAre(2, IsNan(), 7));
    EXPECT_THAT(numbers(relu(negative(x))), ElementsAre(0, IsNan(), 0));
  }
}

TEST(Conventions, ComparingWithNanIsFalse) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({nan, 1}, dtype);
    EXPECT_THAT(numbers(greater(x, 0.0)), ElementsAre(0, 1));
    EXPECT_THAT(numbers(greater_equal(x, x)), ElementsAre(0, 1));
    EXPECT_THAT(numbers(equal(x, x)), ElementsAre(0, 1));
  }
}

TEST(Conventions, LogAndSqrtHaveTheirLimits) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({-1, 0, 1, infinity}, dtype);
    EXPECT_THAT(numbers(log(x)), ElementsAre(IsNan(), -infinity, 0, infinity));
    EXPECT_THAT(numbers(sqrt(x)), ElementsAre(IsNan(), 0, 1, infinity));
    EXPECT_THAT(numbers(exp(with_dtype({-infinity, 0, infinity, nan}, dtype))),
                ElementsAre(0, 1, infinity, IsNan()));
  }
}

TEST(Conventions, ArgmaxIsTheFirstOfEqualElements) {
  EXPECT_EQ(argmax(Array::of({3, 9, 9, 1})).item<std::int32_t>(), 1);
}

TEST(Conventions, CastToAnIntegerGoesTowardsZeroAndSaturates) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({1.9, -1.9, 1e20, -infinity, nan}, dtype);
    EXPECT_THAT(numbers(cast(x, DType::i32)), ElementsAre(1, -1, 2147483647.0, -2147483648.0, 0));
    EXPECT_THAT(numbers(cast(with_dtype({0, -0.5, nan}, dtype), DType::boolean)), ElementsAre(0, 1, 1));
  }
  EXPECT_THAT(numbers(cast(with_dtype({1e10, -1e10, 300}, DType::i64), DType::u8)), ElementsAre(255, 0, 255));
}

TEST(Conventions, IntegersWrap) {
  const Array most = with_dtype({2147483647.0}, DType::i32);
  EXPECT_THAT(numbers(most + 1.0), ElementsAre(-2147483648.0));
  EXPECT_THAT(numbers(most * 2.0), ElementsAre(-2));
  EXPECT_THAT(numbers(sum(with_dtype({2147483647.0, 2}, DType::i32))), ElementsAre(-2147483647.0));
}

TEST(Conventions, SoftmaxDoesNotOverflow) {
  const Array x = Array::of({1000, 1000, -1000});
  EXPECT_THAT(floats(softmax(x)), ElementsAre(0.5f, 0.5f, 0));
  EXPECT_FLOAT_EQ(floats(log_softmax(x))[2], -2000.0f - std::log(2.0f));
}

TEST(Conventions, SigmoidAndTanhHaveTheirLimits) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({-infinity, -1000, 0, 1000, nan}, dtype);
    EXPECT_THAT(numbers(sigmoid(x)), ElementsAre(0, 0, 0.5, 1, IsNan()));
    EXPECT_THAT(numbers(tanh(x)), ElementsAre(-1, -1, 0, 1, IsNan()));
  }
}

TEST(Conventions, CrossEntropyOfAnImpossibleOtherClassIsFinite) {
  const Array logits = reshape(with_dtype({0, -infinity}, DType::f32), {1, 2});
  const Array label = zeros(Shape{1}, DType::i32);
  EXPECT_THAT(numbers(cross_entropy_with_logits(logits, label)), ElementsAre(0));
}

TEST(Conventions, NanIsTheResultOfMinAndMinimum) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({1, nan, 7}, dtype);
    EXPECT_TRUE(std::isnan(numbers(min(x))[0]));
    EXPECT_EQ(numbers(argmin(x))[0], 1);
    EXPECT_THAT(numbers(minimum(x, 2.0)), ElementsAre(1, IsNan(), 2));
    EXPECT_THAT(numbers(minimum(2.0, x)), ElementsAre(1, IsNan(), 2));
    EXPECT_THAT(numbers(clip(x, 2.0, 3.0)), ElementsAre(2, IsNan(), 3));
    EXPECT_THAT(numbers(clip(x, -infinity, 3.0)), ElementsAre(1, IsNan(), 3));
    EXPECT_TRUE(clip(x, -infinity, infinity).same_as(x));
    EXPECT_THAT(numbers(sign(x)), ElementsAre(1, IsNan(), 1));
    EXPECT_THAT(numbers(argsort(x)), ElementsAre(0, 2, 1));
    EXPECT_THAT(numbers(argsort(x, 0, true)), ElementsAre(1, 2, 0));
    EXPECT_THAT(numbers(not_equal(x, x)), ElementsAre(0, 1, 0));
    EXPECT_THAT(numbers(less(x, 8.0)), ElementsAre(1, 0, 1));
    EXPECT_THAT(numbers(less_equal(x, 7.0)), ElementsAre(1, 0, 1));
  }
}

TEST(Conventions, DerivativesAtKinksAndTies) {
  const Array x = Array::of({-1, 0, 2});
  EXPECT_THAT(floats(gradient(sum(leaky_relu(x, 0.5)), x)), ElementsAre(0.5f, 0.5f, 1));
  EXPECT_THAT(floats(gradient(sum(elu(x, 2.0)), x))[1], 2);
  EXPECT_THAT(floats(gradient(sum(clip(x, 0.0, 2.0)), x)), ElementsAre(0, 1, 1));
  EXPECT_THAT(floats(gradient(sum(sign(x) + floor(x) + round(x)), x)), Each(0));
  EXPECT_THAT(floats(gradient(sum(softplus(x)), x))[1], 0.5f);
  const Array tied = matrix({5, 1, 1, 2, 3, 2}, Shape{2, 3});
  EXPECT_THAT(floats(gradient(sum(min(tied, 1)), tied)), ElementsAre(0, 0.5f, 0.5f, 0.5f, 0, 0.5f));
  const std::vector<Array> d = gradients(sum(minimum(x, 0.0 * x)), {x});
  EXPECT_EQ(floats(d[0])[0], 1);
}

TEST(Conventions, HalvesRoundToTheEvenNeighbour) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, 8388609, infinity}, dtype);
    EXPECT_THAT(numbers(round(x)), ElementsAre(0, 2, 2, 0, -2, 0, 8388609, infinity));
    EXPECT_THAT(numbers(floor(x)), ElementsAre(0, 1, 2, -1, -2, 0, 8388609, infinity));
  }
}

TEST(Conventions, SineOfLargeAnglesIsReduced) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const double tolerance = dtype == DType::f32 ? 1e-6 : 1e-15;  // a few units in the last place of 1
    const Array x = with_dtype({1e6, -1048576, 0.5, 16777216}, dtype);
    const std::vector<double> s = numbers(sin(x)), c = numbers(cos(x)), at = numbers(x);
    for (std::size_t i = 0; i < at.size(); ++i) {
      EXPECT_NEAR(s[i], std::sin(at[i]), tolerance);
      EXPECT_NEAR(c[i], std::cos(at[i]), tolerance);
    }
    EXPECT_THAT(numbers(sin(with_dtype({infinity, nan}, dtype))), Each(IsNan()));
  }
}

TEST(Conventions, ActivationsDoNotOverflow) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({-1000, 1000}, dtype);
    EXPECT_THAT(numbers(softplus(x)), ElementsAre(0, 1000));
    EXPECT_THAT(numbers(mish(x)), ElementsAre(0, 1000));
    EXPECT_THAT(numbers(silu(x)), ElementsAre(0, 1000));
    EXPECT_THAT(numbers(gelu(x)), ElementsAre(0, 1000));
    EXPECT_THAT(numbers(elu(x)), ElementsAre(-1, 1000));
    EXPECT_THAT(numbers(expm1(x)), ElementsAre(-1, dtype == DType::f32 ? infinity : std::expm1(1000.0)));
  }
}

TEST(Conventions, PowAtItsEdges) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = with_dtype({-2, 0, 2}, dtype);
    EXPECT_THAT(numbers(pow(x, 3.0)), ElementsAre(-8, 0, 8));
    EXPECT_THAT(numbers(pow(x, 0.0)), ElementsAre(1, 1, 1));
    EXPECT_THAT(numbers(pow(x, 0.5))[0], IsNan());
    EXPECT_THAT(numbers(gradient(sum(pow(x, 2.0)), x)), ElementsAre(-4, 0, 4));
    EXPECT_THAT(numbers(gradient(sum(pow(x, 0.0)), x)), ElementsAre(0, 0, 0));
    EXPECT_THAT(numbers(gradient(sum(pow(2.0, x * 0.0)), x)), ElementsAre(0, 0, 0));
  }
}

TEST(Conventions, TheGradientOfAProductHoldsAtZeros) {
  const Array x = matrix({2, 0, 3, 0, 5, 0, 2, 3, 4}, Shape{3, 3});
  EXPECT_THAT(floats(prod(x, 1)), ElementsAre(0, 0, 24));
  EXPECT_THAT(floats(gradient(sum(prod(x, 1)), x)), ElementsAre(0, 6, 0, 0, 0, 0, 12, 8, 6));
  EXPECT_EQ(prod(zeros(Shape{0})).item<float>(), 1);
  EXPECT_THAT(numbers(prod(with_dtype({2147483647.0, 2}, DType::i32))), ElementsAre(-2));
}

TEST(Conventions, LogSumExpDoesNotOverflow) {
  EXPECT_FLOAT_EQ(logsumexp(Array::of({1000, 1000})).item<float>(), 1000 + std::log(2.0f));
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array none = with_dtype({-infinity, -infinity}, dtype);
    EXPECT_THAT(numbers(logsumexp(none)), ElementsAre(-infinity));
    EXPECT_THAT(numbers(gradient(logsumexp(none), none)), Each(0));
    EXPECT_THAT(numbers(logsumexp(with_dtype({0, infinity}, dtype))), ElementsAre(infinity));
  }
}

TEST(Conventions, SortingKeepsEqualElementsInOrder) {
  const Array x = Array::of({2, 1, 2, 1, 3});
  EXPECT_THAT(ints(argsort(x)), ElementsAre(1, 3, 0, 2, 4));
  EXPECT_THAT(ints(argsort(x, 0, true)), ElementsAre(4, 0, 2, 1, 3));
  EXPECT_THAT(ints(top_k(x, 3)[1]), ElementsAre(4, 0, 2));
}

TEST(Conventions, StartsOfBlocksAreMovedInside) {
  const Array x = Array::of({0, 1, 2, 3});
  const auto at = [](std::int32_t start) { return full(Shape{1}, start, DType::i32); };
  EXPECT_THAT(floats(dynamic_slice(x, at(-5), Shape{2})), ElementsAre(0, 1));
  EXPECT_THAT(floats(dynamic_slice(x, at(3), Shape{2})), ElementsAre(2, 3));
  EXPECT_THAT(floats(dynamic_update_slice(x, Array::of({8, 9}), at(9))), ElementsAre(0, 1, 8, 9));
}

TEST(Functions, BinaryFunctionsBroadcast) {
  const Array a = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Array row = Array::of({10, 20, 30});
  const Array column = matrix({100, 200}, Shape{2, 1});
  EXPECT_THAT(floats(a + row), ElementsAre(11, 22, 33, 14, 25, 36));
  EXPECT_EQ((row - column).shape(), (Shape{2, 3}));
  const Array d = gradient(sum(a * column), column);
  EXPECT_EQ(d.shape(), (Shape{2, 1}));
  EXPECT_THAT(floats(d), ElementsAre(6, 15));
  EXPECT_THAT(floats(where(greater(column, 150.0), row, -1.0)), ElementsAre(-1, -1, -1, 10, 20, 30));
}

TEST(Functions, ADoubleTakesTheDtypeOfTheArray) {
  EXPECT_EQ((zeros(Shape{2}, DType::f64) + 1.0).dtype(), DType::f64);
  EXPECT_EQ((2.0 * zeros(Shape{2}, DType::i64)).dtype(), DType::i64);
  EXPECT_THAT(floats(1.0 - Array::of({3, 5})), ElementsAre(-2, -4));
  EXPECT_THAT(floats(1.0 / -Array::of({2, 4})), ElementsAre(-0.5f, -0.25f));
}

TEST(Functions, ConstantsFillTheirShape) {
  EXPECT_THAT(floats(full(Shape{2, 2}, 3.0)), ElementsAre(3, 3, 3, 3));
  EXPECT_THAT(floats(ones_like(zeros(Shape{3}))), ElementsAre(1, 1, 1));
  EXPECT_TRUE(zeros(Shape{0, 4}).to_vector<float>().empty());
}

TEST(Functions, ReductionsTakeNoneSomeOrAllAxes) {
  const Array x = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_EQ(sum(x).item<float>(), 21);
  EXPECT_EQ(sum(x, {}, true).shape(), (Shape{1, 1}));
  EXPECT_EQ(sum(x, std::vector<int>()).shape(), x.shape());
  EXPECT_THAT(floats(sum(x, -1)), ElementsAre(6, 15));
  EXPECT_THAT(floats(mean(x, 0)), ElementsAre(2.5f, 3.5f, 4.5f));
  EXPECT_EQ(mean(x, {0, 1}).item<float>(), 3.5f);
  EXPECT_EQ(sum(zeros(Shape{0})).item<float>(), 0);
}

TEST(Functions, ReshapeFindsTheOpenExtentAndReadsViewsInOrder) {
  const Array x = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_EQ(reshape(x, {3, -1}).shape(), (Shape{3, 2}));
  EXPECT_THAT(floats(reshape(transpose(x), {-1})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(floats(reshape(broadcast_to(Array::of({1, 2}), Shape{2, 2}), {4})), ElementsAre(1, 2, 1, 2));
}

TEST(Functions, KernelsReadViewsWithAnyStrides) {
  const Array x = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_THAT(floats(transpose(x) * 1.0), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(floats(sum(transpose(x), 0)), ElementsAre(6, 15));
  EXPECT_THAT(ints(argmax(transpose(x), 1)), ElementsAre(1, 1, 1));
  EXPECT_THAT(floats(matmul(transpose(x), x)), ElementsAre(17, 22, 27, 22, 29, 36, 27, 36, 45));
  EXPECT_THAT(floats(softmax(transpose(zeros(Shape{2, 3})), 1)), Each(0.5f));
  EXPECT_THAT(floats(take(transpose(x), full(Shape{1}, 2, DType::i32))), ElementsAre(3, 6));
}

TEST(Functions, KernelsReadViewsWithNegativeStrides) {
  const Array x = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Array backward = flip(x);
  EXPECT_THAT(floats(backward), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(floats(backward * 2.0), ElementsAre(12, 10, 8, 6, 4, 2));
  EXPECT_THAT(floats(backward + flip(x, 0)), ElementsAre(10, 10, 10, 4, 4, 4));
  EXPECT_THAT(floats(sum(backward, 0)), ElementsAre(9, 7, 5));
  EXPECT_THAT(floats(sum(backward, 1)), ElementsAre(15, 6));
  EXPECT_THAT(floats(max(backward, 1)), ElementsAre(6, 3));
  EXPECT_THAT(ints(argmax(backward, 1)), ElementsAre(0, 0));
  EXPECT_THAT(floats(matmul(backward, transpose(x))), ElementsAre(28, 73, 10, 28));
  EXPECT_THAT(floats(matmul(flip(x, 0), transpose(flip(x, 1)))), ElementsAre(28, 73, 10, 28));
  EXPECT_THAT(ints(cast(flip(x, 1), DType::i32)), ElementsAre(3, 2, 1, 6, 5, 4));
  EXPECT_THAT(floats(softmax(flip(log(x), 1), 1))[0], ::testing::FloatNear(0.5f, 1e-6f));
  EXPECT_THAT(floats(slice(flip(x, 1), {0, 0}, {2, 3}, {1, 2})), ElementsAre(3, 1, 6, 4));
  EXPECT_THAT(floats(reshape(flip(x, 1), {6})), ElementsAre(3, 2, 1, 6, 5, 4));
}

TEST(Functions, SlicesAreThoseOfPython) {
  const Array x = Array::of({0, 1, 2, 3, 4, 5});
  EXPECT_THAT(floats(slice(x, {1}, {-1})), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(floats(slice(x, {-2}, {100})), ElementsAre(4, 5));
  EXPECT_THAT(floats(slice(x, {0}, {6}, {4})), ElementsAre(0, 4));
  EXPECT_THAT(floats(slice(x, {5}, {-7}, {-2})), ElementsAre(5, 3, 1));
  EXPECT_THAT(floats(slice(x, {4}, {1}, {-1})), ElementsAre(4, 3, 2));
  EXPECT_EQ(slice(x, {4}, {2}).shape(), (Shape{0}));
  EXPECT_TRUE(slice(x, {4}, {2}).to_vector<float>().empty());
  EXPECT_TRUE(slice(x, {0}, {6}).same_as(x));
  const Array m = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_THAT(floats(slice(m, {1}, {2})), ElementsAre(4, 5, 6));
  EXPECT_THAT(floats(slice_axis(m, -1, 1, 3)), ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(floats(gradient(sum(square(slice_axis(m, 1, 2, -4, -2))), m)), ElementsAre(2, 0, 6, 8, 0, 12));
  EXPECT_THAT(floats(gradient(sum(slice(m, {1}, {1})), m)), Each(0));
}

TEST(Functions, PartsMakeUpTheWhole) {
  const Array m = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_THAT(floats(concatenate(split(m, 3, 1), 1)), ElementsAre(1, 2, 3, 4, 5, 6));
  const std::vector<Array> parts = split(m, std::vector<std::int64_t>{1, 2}, 1);
  EXPECT_THAT(floats(parts[1]), ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(floats(concatenate(split(m, 2), -1)), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(floats(stack({parts[0], parts[0]}, 1)), ElementsAre(1, 1, 4, 4));
  EXPECT_EQ(stack({m, m}, -1).shape(), (Shape{2, 3, 2}));
  EXPECT_THAT(floats(concatenate({transpose(m), flip(transpose(m))}, 1)),
              ElementsAre(1, 4, 6, 3, 2, 5, 5, 2, 3, 6, 4, 1));
  EXPECT_THAT(floats(pad(transpose(m), {0, 1}, {0, 0}, 9)), ElementsAre(9, 1, 4, 9, 2, 5, 9, 3, 6));
}

TEST(Functions, AxesOfExtentOneComeAndGo) {
  const Array x = zeros(Shape{1, 3, 1});
  EXPECT_EQ(squeeze(x).shape(), (Shape{3}));
  EXPECT_EQ(squeeze(x, -1).shape(), (Shape{1, 3}));
  EXPECT_EQ(expand_dims(x, -1).shape(), (Shape{1, 3, 1, 1}));
  EXPECT_EQ(expand_dims(x, 1).shape(), (Shape{1, 1, 3, 1}));
  EXPECT_THAT(floats(tile(Array::of({1, 2}), {2, 2})), ElementsAre(1, 2, 1, 2, 1, 2, 1, 2));
  EXPECT_THAT(floats(tile(matrix({1, 2}, Shape{2, 1}), {1, 3})), ElementsAre(1, 1, 1, 2, 2, 2));
}

TEST(Functions, SortedValuesCarryGradients) {
  const Array x = matrix({3, 1, 2, 6, 5, 4}, Shape{2, 3});
  EXPECT_THAT(floats(sort(x)[0]), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(floats(sort(x, 0, true)[0]), ElementsAre(6, 5, 4, 3, 1, 2));
  const Array weights = Array::of({1, 10});
  EXPECT_THAT(floats(gradient(sum(top_k(x, 2)[0] * weights), x)), ElementsAre(1, 0, 10, 1, 10, 0));
  EXPECT_THAT(floats(sort(flip(transpose(x)), 0)[0]), ElementsAre(4, 1, 5, 2, 6, 3));
}

TEST(Functions, TakeWorksAlongAnyAxis) {
  const Array x = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const std::int32_t index[] = {2, 0, 2, 1};
  const Array indices = Array::from(std::span<const std::int32_t>(index), Shape{2, 2});
  const Array y = take(x, indices, 1);
  EXPECT_EQ(y.shape(), (Shape{2, 2, 2}));
  const Array d = gradient(sum(y), x);
  EXPECT_THAT(floats(y), ElementsAre(3, 1, 3, 2, 6, 4, 6, 5));
  EXPECT_THAT(floats(d), ElementsAre(1, 1, 2, 1, 1, 2));
}

TEST(Functions, VarianceAndNorm) {
  const Array x = matrix({1, 2, 3, 4, 0, 0}, Shape{3, 2});
  EXPECT_THAT(floats(variance(x, 1)), ElementsAre(0.25f, 0.25f, 0));
  EXPECT_THAT(floats(variance(x, 1, true, 1)), ElementsAre(0.5f, 0.5f, 0));
  EXPECT_FLOAT_EQ(floats(norm(x, 1))[1], 5);
  EXPECT_THAT(floats(norm(x, 1, false, 1.0)), ElementsAre(3, 7, 0));
  EXPECT_THAT(floats(norm(x, 1, false, infinity)), ElementsAre(2, 4, 0));
  EXPECT_THAT(floats(gradient(sum(norm(x, 1)), x))[4], 0);
  EXPECT_FLOAT_EQ(floats(gradient(sum(norm(x, 1)), x))[3], 0.8f);
}

TEST(Functions, MatmulBroadcastsStacksOfMatrices) {
  const Array a = reshape(Array::of({1, 2, 3, 4, 5, 6, 7, 8}), {2, 2, 2});
  const Array b = matrix({1, 0, 0, 2}, Shape{2, 2});
  EXPECT_EQ(matmul(a, b).shape(), (Shape{2, 2, 2}));
  EXPECT_THAT(floats(matmul(a, b)), ElementsAre(1, 4, 3, 8, 5, 12, 7, 16));
  EXPECT_THAT(floats(matmul(b, a)), ElementsAre(1, 2, 6, 8, 5, 6, 14, 16));
  EXPECT_EQ(gradient(sum(matmul(b, a)), b).shape(), (Shape{2, 2}));
}

TEST(Functions, EinsumNamesSumsOfProducts) {
  const Array a = matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  const Array b = matrix({1, 0, 2, 1, 0, 3}, Shape{3, 2});
  EXPECT_THAT(floats(einsum("ij,jk->ik", {a, b})), ElementsAre(5, 11, 14, 23));
  EXPECT_THAT(floats(einsum("ij,jk->ki", {a, b})), ElementsAre(5, 14, 11, 23));
  EXPECT_THAT(floats(einsum("ij, jk", {a, b})), ElementsAre(5, 11, 14, 23));
  EXPECT_THAT(floats(einsum("ij->ji", {a})), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(floats(einsum("ij->", {a})), ElementsAre(21));
  EXPECT_THAT(floats(einsum("ij,ij->i", {a, a})), ElementsAre(14, 77));
  EXPECT_THAT(floats(einsum("ij,ij->j", {a, a})), ElementsAre(17, 29, 45));
  EXPECT_THAT(floats(einsum("ij,kl->", {a, b})), ElementsAre(147));
  EXPECT_THAT(floats(einsum("i,j->ij", {Array::of({1, 2}), Array::of({3, 4})})), ElementsAre(3, 4, 6, 8));
  EXPECT_THAT(floats(einsum("ij,jk,kl->il", {a, b, a})),
              ElementsAre(5 + 44, 10 + 55, 15 + 66, 14 + 92, 28 + 115, 42 + 138));
  const Array d = gradient(sum(einsum("bij,bjk->bik", {expand_dims(a, 0), expand_dims(b, 0)})), b);
  EXPECT_THAT(floats(d), ElementsAre(5, 5, 7, 7, 9, 9));
}

TEST(Functions, ScatterAddSumsRowsOfOneIndex) {
  const std::int32_t index[] = {1, 0, 1};
  const Array rows = matrix({1, 2, 3, 4, 5, 6}, Shape{3, 2});
  const Array indices = Array::from(std::span<const std::int32_t>(index), Shape{3});
  EXPECT_THAT(floats(scatter_add(rows, indices, 3)), ElementsAre(3, 4, 6, 8, 0, 0));
}

TEST(Functions, StopGradientMakesAConstant) {
  const Array x = Array::of({2, 3});
  const Array y = sum(x * stop_gradient(x));
  EXPECT_THAT(floats(gradient(y, x)), ElementsAre(2, 3));
}

TEST(Functions, FunctionsThatChangeNothingMakeNoNode) {
  const Array x = zeros(Shape{2, 3});
  EXPECT_TRUE(cast(x, DType::f32).same_as(x));
  EXPECT_TRUE(reshape(x, {2, -1}).same_as(x));
  EXPECT_TRUE(broadcast_to(x, Shape{2, 3}).same_as(x));
}

// Random numbers.

Array counter(std::int64_t seed, std::int64_t step) {
  const std::int64_t values[] = {seed, step};
  return Array::from(std::span<const std::int64_t>(values), Shape{2});
}

TEST(Uniform, DiffersBetweenCallsAndStepsAndRepeatsInATrace) {
  const auto traced = [](std::int64_t step) {
    TraceState trace;
    const TraceScope scope(trace, Mode::training);
    return std::pair{uniform(counter(1, step), Shape{64}), uniform(counter(1, step), Shape{64})};
  };
  const auto [a, b] = traced(5);
  const auto [again_a, again_b] = traced(5);
  const auto [next_a, next_b] = traced(6);
  EXPECT_EQ(floats(a), floats(again_a));
  EXPECT_EQ(floats(b), floats(again_b));
  EXPECT_NE(floats(a), floats(b));
  EXPECT_NE(floats(a), floats(next_a));
}

TEST(Uniform, OutsideATraceEveryCallDiffers) {
  const Array at = counter(1, 0);
  EXPECT_NE(floats(uniform(at, Shape{64})), floats(uniform(at, Shape{64})));
}

// 10^6 numbers: the mean has standard deviation 0.00029, the second moment 0.0003; five of them are allowed.
TEST(Uniform, HasTheMomentsOfTheDistribution) {
  const std::vector<float> x = floats(uniform(counter(7, 0), Shape{1000000}));
  double first = 0, second = 0;
  for (float value : x) {
    ASSERT_GE(value, 0.0f);
    ASSERT_LT(value, 1.0f);
    first += value;
    second += static_cast<double>(value) * value;
  }
  EXPECT_NEAR(first / 1e6, 0.5, 0.0015);
  EXPECT_NEAR(second / 1e6, 1.0 / 3.0, 0.0015);
}

// 10^6 numbers: the moments have standard deviations of at most 0.001 (mean), 0.0015 (variance), 0.01
// (fourth); five of them are allowed.
TEST(Normal, HasTheMomentsOfTheDistribution) {
  const std::vector<float> x = floats(normal(counter(3, 0), Shape{1000000}));
  double first = 0, second = 0, fourth = 0;
  for (float value : x) {
    ASSERT_TRUE(std::isfinite(value));
    const double square = static_cast<double>(value) * value;
    first += value;
    second += square;
    fourth += square * square;
  }
  EXPECT_NEAR(first / 1e6, 0, 0.005);
  EXPECT_NEAR(second / 1e6, 1, 0.0075);
  EXPECT_NEAR(fourth / 1e6, 3, 0.05);
}

// Between -2 and 2 the variance is 1 - 4 f(2) / (F(2) - F(-2)) = 0.77374; standard deviations below 0.001.
TEST(TruncatedNormal, StaysWithinItsBoundsAndHasTheVariance) {
  const std::vector<float> x = floats(truncated_normal(counter(4, 0), Shape{1000000}));
  double first = 0, second = 0;
  for (float value : x) {
    ASSERT_LE(std::abs(value), 2.0f);
    first += value;
    second += static_cast<double>(value) * value;
  }
  EXPECT_NEAR(first / 1e6, 0, 0.005);
  EXPECT_NEAR(second / 1e6, 0.77374, 0.005);
}

// The share of 10^6 draws has a standard deviation of 0.00046.
TEST(Bernoulli, IsTrueWithItsProbability) {
  const Array x = bernoulli(counter(5, 0), 0.3, Shape{1000000});
  EXPECT_NEAR(mean(cast(x, DType::f64)).item<double>(), 0.3, 0.0023);
}

TEST(Permutation, HoldsEveryNumberOnce) {
  const Array x = permutation(counter(6, 0), 1000);
  const std::vector<int> order = ints(x);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::vector<int> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(sorted[static_cast<std::size_t>(i)], i);
}

// The share of 10^5 draws has a standard deviation of at most 0.0016.
TEST(Categorical, DrawsEachClassWithItsProbability) {
  const Array logits = log(Array::of({0.1f, 0.6f, 0.3f}));
  const Array x = categorical(counter(8, 0), broadcast_to(logits, Shape{100000, 3}));
  const Array share = mean(one_hot(x, 3, DType::f64), 0);
  const std::vector<double> shares = share.to_vector<double>();
  EXPECT_NEAR(shares[0], 0.1, 0.008);
  EXPECT_NEAR(shares[1], 0.6, 0.008);
  EXPECT_NEAR(shares[2], 0.3, 0.008);
}

}  // namespace
}  // namespace retrograd::testing
