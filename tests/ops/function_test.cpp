// What the functions do besides making one node: broadcasting, views, constants; and functions made of ops.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/gradients.h>

#include <cmath>

#include "ops/values.h"

namespace retrograd::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

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

}  // namespace
}  // namespace retrograd::testing
