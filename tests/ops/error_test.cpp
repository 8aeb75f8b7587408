// What ops say of wrong shapes, dtypes and axes, where the call stands; and of faults found in values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/eval.h>

#include <functional>

#include "ops/samples.h"

namespace retrograd::testing {
namespace {

// "shape| the message"
std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

const Array f23 = Array::from(std::vector<float>(6), Shape{2, 3});
const Array f45 = Array::from(std::vector<float>(20), Shape{4, 5});
const Array d23 = Array::from(std::vector<double>(6), Shape{2, 3});
const Array i23 = Array::from(std::vector<std::int32_t>(6), Shape{2, 3});

TEST(OpErrors, AnAxisOutOfRangeIsNamedWithTheRange) {
  EXPECT_EQ(message_of([] { softmax(f23, 3); }),
            "shape| softmax: axis 3 is out of range for rank 2; expected -2 <= axis < 2");
  EXPECT_EQ(message_of([] {
              sum(f23, {0, -3});
            }),
            "shape| sum: axis -3 is out of range for rank 2; expected -2 <= axis < 2");
  EXPECT_EQ(message_of([] { argmax(f23, 2); }),
            "shape| argmax: axis 2 is out of range for rank 2; expected -2 <= axis < 2");
  EXPECT_EQ(message_of([] { mean(f23, 7); }),
            "shape| mean: axis 7 is out of range for rank 2; expected -2 <= axis < 2");
}

TEST(OpErrors, AnAxisNamedTwiceIsAnError) {
  EXPECT_EQ(message_of([] { sum(f23, {1, -1}); }), "shape| sum: axis 1 is named twice");
  EXPECT_EQ(message_of([] {
              transpose(f23, {0, 0});
            }),
            "shape| transpose: axis 0 stands twice in the permutation");
}

TEST(OpErrors, ShapesThatDoNotBroadcastAreBothNamed) {
  EXPECT_EQ(message_of([] { f23 + f45; }),
            "shape| add: shapes [2, 3] and [4, 5] do not broadcast: axis 0 has 2 and 4; expected equal or 1");
  EXPECT_EQ(
      message_of([] { where(greater(f23, 0.0), f45, 0.0); }),
      "shape| where: shapes [2, 3] and [4, 5] do not broadcast: axis 0 has 2 and 4; expected equal or 1");
  EXPECT_EQ(message_of([] {
              broadcast_to(f23, Shape{2, 4});
            }),
            "shape| broadcast_to: [2, 3] does not stretch to [2, 4]; expected extents that are equal or 1, "
            "aligned on "
            "the right");
}

TEST(OpErrors, MatmulNamesTheInnerExtentsAndBothShapes) {
  EXPECT_EQ(message_of([] { matmul(f23, f45); }),
            "shape| matmul: inner extents 3 and 4 of shapes [2, 3] and [4, 5] differ; expected [..., M, K] "
            "and [..., "
            "K, N]");
  EXPECT_EQ(message_of([] {
              matmul(f23, Array::of({1, 2, 3}));
            }),
            "shape| matmul: shapes [2, 3] and [3]; expected ranks of 2 and more: reshape() a vector to [1, "
            "n] or [n, "
            "1]");
  EXPECT_EQ(message_of([] {
              matmul(Array::of({1, 2, 3}), Array::of({1, 2, 3}));
            }),
            "shape| matmul: shapes [3] and [3]; expected ranks of 2 and more: reshape() a vector to [1, n] "
            "or [n, 1]");
}

TEST(OpErrors, MixedDtypesNameTheRemedy) {
  EXPECT_EQ(message_of([] { f23* d23; }),
            "dtype| multiply: dtypes f32 and f64 differ; expected one dtype: convert one with cast()");
  EXPECT_EQ(message_of([] { matmul(f23, transpose(d23)); }),
            "dtype| matmul: dtypes f32 and f64 differ; expected one dtype: convert one with cast()");
}

TEST(OpErrors, AWrongDtypeIsNamed) {
  EXPECT_EQ(message_of([] { exp(i23); }),
            "dtype| exp: input 0 is i32[2, 3]; expected f32 or f64: convert it with cast()");
  EXPECT_EQ(message_of([] { greater(f23, 0.0) + greater(f23, 0.0); }),
            "dtype| add: input 0 is bool[2, 3]; expected f32, f64, i32 or i64: convert it with cast()");
  EXPECT_EQ(message_of([] { where(f23, f23, f23); }),
            "dtype| where: the condition is f32[2, 3]; expected bool, as greater() and equal() give");
  EXPECT_EQ(message_of([] { one_hot(f23, 3); }),
            "dtype| one_hot: the indices are f32[2, 3]; expected i32 or i64: convert them with cast()");
  EXPECT_EQ(message_of([] { mean(i23); }),
            "dtype| mean: the input is i32[2, 3]; expected f32 or f64: convert it with cast()");
}

TEST(OpErrors, AConstantThatTheDtypeCannotHoldIsAnError) {
  EXPECT_EQ(message_of([] { i23 * 0.5; }),
            "dtype| multiply: the constant 0.5 is no i32; expected a number that it can hold: cast() the "
            "array first");
  EXPECT_EQ(message_of([] { scalar(3e9, DType::i32); }),
            "dtype| scalar: the constant 3000000000 is no i32; expected a number that it can hold: cast() "
            "the array "
            "first");
}

TEST(OpErrors, AnEmptyArrayIsAnErrorThatNamesTheOp) {
  const Array none;
  EXPECT_EQ(message_of([&] { none + f23; }), "argument| add: an input is an empty array");
  EXPECT_EQ(message_of([&] { none * 2.0; }), "argument| multiply: an input is an empty array");
  EXPECT_EQ(message_of([&] { exp(none); }), "argument| exp: an input is an empty array");
  EXPECT_EQ(message_of([&] { softmax(none); }), "argument| softmax: an input is an empty array");
  EXPECT_EQ(message_of([&] { matmul(f23, none); }), "argument| matmul: an input is an empty array");
  EXPECT_EQ(message_of([&] { cross_entropy_with_logits(f23, none); }),
            "argument| cross_entropy_with_logits: an input is an empty array");
}

TEST(OpErrors, ReshapeCountsElements) {
  EXPECT_EQ(message_of([] {
              reshape(f23, {4, 2});
            }),
            "shape| reshape: [2, 3] has 6 elements, [4, 2] has 8; expected as many");
  EXPECT_EQ(
      message_of([] {
        reshape(f23, {4, -1});
      }),
      "shape| reshape: [2, 3] has 6 elements; expected a multiple of 4, the product of the other extents");
  EXPECT_EQ(message_of([] {
              reshape(f23, {-1, -1});
            }),
            "shape| reshape: extent -1; expected extents of 0 or more and at most one -1");
}

TEST(OpErrors, AMaximumOrMeanOfNothingIsAnError) {
  EXPECT_EQ(message_of([] {
              max(zeros(Shape{2, 0}), 1);
            }),
            "shape| max: f32[2, 0] has no elements along axis 1; a maximum needs at least one");
  EXPECT_EQ(message_of([] { mean(zeros(Shape{0})); }),
            "shape| mean: f32[0] has no elements along the axes of the mean");
}

TEST(OpErrors, CrossEntropyWantsALabelARow) {
  EXPECT_EQ(
      message_of([] { cross_entropy_with_logits(f23, zeros(Shape{3}, DType::i32)); }),
      "shape| cross_entropy_with_logits: labels i32[3] for logits f32[2, 3]; expected one label a row, [2]");
}

TEST(OpErrors, UpdatesWantOneTypeAndScalarRates) {
  const Array one = scalar(1.0);
  EXPECT_EQ(message_of([&] { adam_update(f23, f23, f23, f45, one, one, one); }),
            "shape| adam_update: inputs 0 and 3 are f32[2, 3] and f32[4, 5]; expected one shape");
  EXPECT_EQ(message_of([&] { sgd_momentum_update(f23, f23, f23, f23); }),
            "shape| sgd_momentum_update: input 3 is f32[2, 3]; expected f32[]");
}

TEST(OpErrors, LogicWantsBools) {
  EXPECT_EQ(message_of([] { logical_and(f23, f23); }),
            "dtype| logical_and: input 0 is f32[2, 3]; expected bool, as comparisons give");
  EXPECT_EQ(message_of([] { logical_not(i23); }),
            "dtype| logical_not: input 0 is i32[2, 3]; expected bool, as comparisons give");
}

TEST(OpErrors, BoundsOfClipAreInOrderAndFitTheDtype) {
  EXPECT_EQ(message_of([] { clip(f23, 1, 0); }), "argument| clip: bounds 1 and 0; expected low <= high");
  EXPECT_EQ(
      message_of([] { clip(i23, 0.5, 2); }),
      "dtype| clip: the constant 0.5 is no i32; expected a number that it can hold: cast() the array first");
}

TEST(OpErrors, ReductionsOfNothingAndOrdersOfNorms) {
  EXPECT_EQ(message_of([] {
              min(zeros(Shape{2, 0}), 1);
            }),
            "shape| min: f32[2, 0] has no elements along axis 1; a minimum needs at least one");
  EXPECT_EQ(message_of([] { logsumexp(zeros(Shape{0})); }),
            "shape| logsumexp: f32[0] has no elements along axis 0; a maximum needs at least one");
  EXPECT_EQ(message_of([] {
              argmin(zeros(Shape{2, 0}));
            }),
            "shape| argmin: f32[2, 0] has no elements along axis 1; a minimum needs at least one");
  EXPECT_EQ(message_of([] { variance(f23, 0, false, 2); }),
            "shape| variance: 2 elements along the axes; expected more than 2, the correction");
  EXPECT_EQ(message_of([] { norm(f23, {}, false, 3); }),
            "argument| norm: order 3; expected 1, 2 or infinity");
  EXPECT_EQ(message_of([] { top_k(f23, 4); }),
            "shape| top_k: k is 4 for 3 elements along axis 1; expected 0 <= k <= 3");
}

TEST(OpErrors, PartsAndBlocksSayWhatTheyExpect) {
  EXPECT_EQ(message_of([] {
              concatenate({f23, f45});
            }),
            "shape| concatenate: f32[2, 3] and f32[4, 5] along axis 0; expected one dtype and equal extents "
            "along the other axes");
  EXPECT_EQ(message_of([] { concatenate({}); }),
            "argument| concatenate: got no arrays; expected one or more");
  EXPECT_EQ(message_of([] {
              stack({f23, d23});
            }),
            "dtype| stack: f32[2, 3] and f64[2, 3]; expected one type");
  EXPECT_EQ(message_of([] { split(f23, 2, 1); }),
            "shape| split: 2 parts of 3 elements along axis 1; expected a divisor of 3");
  EXPECT_EQ(message_of([] {
              split(f23, std::vector<std::int64_t>{1, 1}, 1);
            }),
            "shape| split: sizes that sum to 2 along axis 1 of f32[2, 3]; expected 3");
  EXPECT_EQ(message_of([] { slice(f23, {0}, {1}, {0}); }),
            "argument| slice: a step of 0; expected any other");
  EXPECT_EQ(message_of([] {
              slice(f23, {0, 0, 0}, {1, 1, 1});
            }),
            "shape| slice: 3 starts, 3 stops and 0 steps for rank 2; expected as many of each (or no steps) "
            "and at most 2");
  EXPECT_EQ(message_of([] { squeeze(f23, 0); }),
            "shape| squeeze: axis 0 of f32[2, 3] has extent 2; expected 1");
  EXPECT_EQ(message_of([] {
              pad(f23, {0, -1}, {0, 0});
            }),
            "argument| pad: -1 in front and 0 behind along axis 1; expected 0 or more");
  EXPECT_EQ(message_of([] { tile(f23, {2}); }),
            "shape| tile: 1 repeats for rank 2; expected one for each axis or more");
  EXPECT_EQ(message_of([] {
              dynamic_slice(f23, zeros(Shape{2}, DType::i32), Shape{3, 1});
            }),
            "shape| dynamic_slice: a block [3, 1] of [2, 3]; expected as many axes and extents that are not "
            "larger");
  EXPECT_EQ(message_of([] {
              dynamic_slice(f23, i23, Shape{1, 1});
            }),
            "shape| dynamic_slice: starts i32[2, 3] for rank 2; expected [2], one for each axis");
  EXPECT_EQ(
      message_of([] { dynamic_update_slice(f23, d23, zeros(Shape{2}, DType::i32)); }),
      "dtype| dynamic_update_slice: f64[2, 3] into f32[2, 3]; expected one dtype: convert one with cast()");
}

TEST(OpErrors, GatherWantsIndicesOfTheShapeOfX) {
  EXPECT_EQ(
      message_of([] {
        gather(f23, zeros(Shape{3, 1}, DType::i32), 1);
      }),
      "shape| gather: indices [3, 1] for [2, 3] along axis 1; expected equal extents along the other axes");
  EXPECT_EQ(message_of([] {
              scatter_add_along(f23, zeros(Shape{2, 1}, DType::i32), 4, 1);
            }),
            "shape| scatter_add_along: updates [2, 3] for indices [2, 1]; expected one shape");
}

TEST(OpErrors, EinsumNamesTheAxisAndTheEquation) {
  EXPECT_EQ(message_of([] {
              einsum("ij,jk->ik", {f23, f45});
            }),
            "shape| einsum: axis 'j' of \"ij,jk->ik\" has extents 3 and 4; expected one");
  EXPECT_EQ(message_of([] { einsum("ii->i", {f23}); }),
            "argument| einsum: 'ii' in \"ii->i\"; expected different letters for the axes of one array");
  EXPECT_EQ(message_of([] { einsum("ij->k", {f23}); }),
            "argument| einsum: axis 'k' of the result stands in no array of \"ij->k\"");
  EXPECT_EQ(message_of([] { einsum("i,j", {f23}); }), "argument| einsum: 1 arrays for \"i,j\"; expected 2");
  EXPECT_EQ(message_of([] { einsum("i->i", {f23}); }),
            "shape| einsum: f32[2, 3] for the axes 'i' of \"i->i\"; expected rank 1");
}

TEST(OpErrors, DistributionsNameTheirRanges) {
  EXPECT_EQ(message_of([] { bernoulli(zeros(Shape{2}, DType::i64), 1.5, Shape{2}); }),
            "argument| bernoulli: p is 1.5; expected 0 <= p <= 1");
  EXPECT_EQ(message_of([] { truncated_normal(zeros(Shape{2}, DType::i64), Shape{2}, 1, 0); }),
            "argument| truncated_normal: bounds 1 and 0; expected -5 <= low < high <= 5");
}

// Faults found while a plan runs.

Array indices(std::int32_t a, std::int32_t b) {
  const std::int32_t values[] = {a, b};
  return Array::from(std::span<const std::int32_t>(values), Shape{2});
}

TEST(OpFaults, AnIndexOutOfRangeIsADataError) {
  EXPECT_THAT(message_of([] { eval({one_hot(indices(1, 4), 4)}); }), ::testing::HasSubstr("data| one_hot"));
  EXPECT_THAT(message_of([] {
                eval({take(zeros(Shape{3, 2}), indices(-1, 0))});
              }),
              ::testing::HasSubstr("index -1"));
  EXPECT_THAT(message_of([] { eval({scatter_add(zeros(Shape{2}), indices(0, 9), 9)}); }),
              ::testing::HasSubstr("index 9"));
  EXPECT_THAT(message_of([] { eval({gather(zeros(Shape{2}), indices(0, 2), 0)}); }),
              ::testing::HasSubstr("index 2"));
  EXPECT_THAT(message_of([] { eval({scatter_add_along(zeros(Shape{2}), indices(-3, 1), 4, 0)}); }),
              ::testing::HasSubstr("index -3"));
  EXPECT_THAT(message_of([] { eval({cross_entropy_with_logits(f23, indices(0, 3))}); }),
              ::testing::HasSubstr("index 3"));
}

TEST(OpFaults, ANonFiniteElementIsDivergence) {
  const Array x = Array::of({1, 0, -1});
  EXPECT_THAT(message_of([&] { eval({check_finite(1.0 / x)}); }), ::testing::HasSubstr("diverged| "));
  EXPECT_EQ(check_finite(x).to_vector<float>(), (std::vector<float>{1, 0, -1}));
}

}  // namespace
}  // namespace retrograd::testing
