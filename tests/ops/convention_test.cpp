// What holds at kinks, ties, NaN and the ends of ranges, as the ops' conventions say; and what the functions
// do besides making one node: broadcasting, views, constants, random ordinals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>

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

TEST(Functions, MatmulBroadcastsStacksOfMatrices) {
  const Array a = reshape(Array::of({1, 2, 3, 4, 5, 6, 7, 8}), {2, 2, 2});
  const Array b = matrix({1, 0, 0, 2}, Shape{2, 2});
  EXPECT_EQ(matmul(a, b).shape(), (Shape{2, 2, 2}));
  EXPECT_THAT(floats(matmul(a, b)), ElementsAre(1, 4, 3, 8, 5, 12, 7, 16));
  EXPECT_THAT(floats(matmul(b, a)), ElementsAre(1, 2, 6, 8, 5, 6, 14, 16));
  EXPECT_EQ(gradient(sum(matmul(b, a)), b).shape(), (Shape{2, 2}));
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

}  // namespace
}  // namespace retrograd::testing
