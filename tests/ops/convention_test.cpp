// What holds at kinks, ties, NaN and the ends of ranges, as the ops' conventions say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/gradients.h>

#include <cmath>

#include "ops/values.h"

namespace retrograd::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsNan;

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

}  // namespace
}  // namespace retrograd::testing
