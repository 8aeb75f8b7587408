// Ops in bf16: every primitive computes in f32 and rounds once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/gradients.h>

#include "ops/values.h"

namespace retrograd::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::NanSensitiveDoubleEq;
using ::testing::Pointwise;

std::vector<Array> with_dtype(std::vector<Array> arrays, DType dtype) {
  for (Array& array : arrays) {
    if (is_floating(array.dtype())) array = cast(array, dtype);
  }
  return arrays;
}

class InBf16 : public ::testing::TestWithParam<Case> {};

TEST_P(InBf16, AnOpComputesInF32AndRoundsOnce) {
  const Case& c = GetParam();
  const std::vector<Array> narrow = draw(c, DType::bf16);
  const std::vector<Array> of_narrow = apply(*c.op, narrow, c.sample().attributes);
  const std::vector<Array> of_wide = apply(*c.op, with_dtype(narrow, DType::f32), c.sample().attributes);
  for (std::size_t k = 0; k < of_wide.size(); ++k) {
    ASSERT_EQ(of_narrow[k].shape(), of_wide[k].shape());
    const std::vector<double> expected = values({cast(of_wide[k], of_narrow[k].dtype())}, true)[0];
    const std::vector<double> found = values({of_narrow[k]}, true)[0];
    EXPECT_THAT(found, Pointwise(NanSensitiveDoubleEq(), expected)) << k;
  }
}

// The ops on [f32] alone say no to bf16; a composite rounds at each of its parts.
INSTANTIATE_TEST_SUITE_P(Ops, InBf16, ::testing::ValuesIn(cases_where([](const Case& c) {
                           return c.op->expand == nullptr;
                         })),
                         [](const auto& tested) { return name_of(tested.param); });

TEST(Cast, ToBf16RoundsATieToTheEvenOneInEveryDType) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const Array x = array_of({1 + 0x1p-8, 1 + 0x3p-8, -3, infinity, nan, 3e38, 0.1}, {dtype, Shape{7}});
    const Array y = cast(x, DType::bf16);
    EXPECT_EQ(y.type().to_string(), "bf16[7]");
    EXPECT_THAT(numbers(y),
                ElementsAre(1, 1 + 0x1p-6, -3, infinity, ::testing::IsNan(), 0x1.c4p127, 0.10009765625));
  }
  EXPECT_THAT(numbers(cast(array_of({257, -5}, {DType::i32, Shape{2}}), DType::bf16)), ElementsAre(256, -5));
  EXPECT_THAT(numbers(cast(cast(Array::of({2.7f, -300}), DType::bf16), DType::u8)), ElementsAre(2, 0));
}

TEST(Cast, AGradientPassesThroughBf16) {
  const Array x = Array::of({1, 2});
  const Array y = cast(square(cast(x, DType::bf16)), DType::f32);
  EXPECT_THAT(floats(gradient(sum(y), x)), ElementsAre(2, 4));
}

TEST(Bf16, IsPrintedAsNumbers) {
  EXPECT_EQ(cast(Array::of({1.5f, -2}), DType::bf16).to_string(), "[1.5, -2] bf16[2]");
}

TEST(Bf16, MovesThroughViewsAndCopies) {
  const Array x = cast(matrix({1, 2, 3, 4, 5, 6}, Shape{2, 3}), DType::bf16);
  EXPECT_THAT(numbers(transpose(x)), ElementsAre(1, 4, 2, 5, 3, 6));
}

// OpDefs are made by the compiler, so a global may call ops.
const Array made_before_main = exp(zeros(Shape{2}));

TEST(OpDefinitions, AreThereWhileGlobalsAreMade) { EXPECT_THAT(floats(made_before_main), ElementsAre(1, 1)); }

TEST(OpDefinitions, AMatrixProductCountsTwoOperationsForEachProduct) {
  const Array y = matmul(zeros(Shape{3, 4}), zeros(Shape{4, 5}));
  const OpDef& op = *y.node()->op;
  const std::vector<TensorType> types{{DType::f32, {3, 4}}, {DType::f32, {4, 5}}};
  EXPECT_EQ(op.flops({op, types, {}}), 2.0 * 3 * 4 * 5);
}

}  // namespace
}  // namespace retrograd::testing
