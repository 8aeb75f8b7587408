// Arrays and variables before anything is computed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>
#include <retrograd/variable.h>

#include <functional>
#include <string>

#include "array/node.h"
#include "core/buffer.h"

namespace retrograd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return std::string(name(error.kind())) + "| " + error.what();
  }
  return "no error";
}

TEST(Array, CallingAnOpComputesNothing) {
  const Array x = Array::of({1, 2});
  const Array y = exp(x);
  EXPECT_FALSE(y.node()->has_value());
  EXPECT_EQ(y.shape(), Shape{2});
  EXPECT_EQ(y.to_vector<float>().size(), 2u);
  EXPECT_TRUE(y.node()->has_value());
}

TEST(Array, EvaluationCutsTheInputs) {
  const Array x = Array::of({1, 2});
  const std::uint32_t before = x.node()->references.load();
  const Array y = exp(x);
  EXPECT_EQ(x.node()->references.load(), before + 1);
  y.to_vector<float>();
  EXPECT_EQ(x.node()->references.load(), before);
}

TEST(Array, MustHaveAsManyValuesAsItsShape) {
  const std::vector<float> values{1, 2, 3};
  EXPECT_THAT(message_of([&] {
                Array::from(values, Shape{2, 2});
              }),
              HasSubstr("shape| Array::from: 3 values do not fill shape [2, 2]"));
  EXPECT_THAT(message_of([&] { Array::from_buffer(std::make_shared<Buffer>(8), Shape{3}, DType::f32); }),
              HasSubstr("8 bytes do not hold f32[3], which needs 12"));
}

TEST(Array, AnEmptyOneIsAnErrorInAnOp) {
  EXPECT_THAT(message_of([] { exp(Array()); }), HasSubstr("argument| exp"));
}

TEST(Array, PrintsShortened) {
  EXPECT_EQ(Array::from(std::vector<float>{1, 2, 3, 4}, Shape{2, 2}).to_string(),
            "[[1, 2], [3, 4]] f32[2, 2]");
  EXPECT_EQ(zeros(Shape{100}).to_string(), "[0, 0, 0, ..., 0, 0, 0] f32[100]");
}

TEST(Array, OneElementOrNoItem) {
  EXPECT_THAT(message_of([] { Array::of({1, 2}).item<float>(); }), HasSubstr("item: f32[2] has 2 elements"));
}

TEST(Variable, AReadKeepsItsIdentityUntilTheValueChanges) {
  const Variable w(Array::of({1, 2}), "w");
  EXPECT_TRUE(w.read().same_as(w.read()));
  const Array before = w.read();
  w.assign(Array::of({3, 4}));
  EXPECT_FALSE(before.same_as(w.read()));
  EXPECT_THAT(before.to_vector<float>(), ElementsAre(1, 2));
  EXPECT_THAT(w.read().to_vector<float>(), ElementsAre(3, 4));
}

TEST(Variable, CopiesItsInitialValue) {
  const Array initial = Array::of({1, 2});
  const Variable a(initial, "a");
  const Variable b(initial, "b");
  EXPECT_NE(a.snapshot(), b.snapshot());
}

TEST(Variable, AssignWantsItsType) {
  const Variable w(Array::of({1, 2}), "w");
  EXPECT_THAT(message_of([&] {
                w.assign(Array::of({1, 2, 3}));
              }),
              HasSubstr("shape| assign: variable w is f32[2]"));
}

TEST(Variable, OutlivesItsHandleInAGraph) {
  Array y;
  {
    const Variable w(Array::of({1, 2}), "w");
    y = w.read() * 2.0;
  }
  EXPECT_THAT(y.to_vector<float>(), ElementsAre(2, 4));
}

TEST(NameScope, Nests) {
  const NameScope outer("encoder");
  Array y;
  {
    const NameScope inner("linear_1");
    y = exp(Array::of({1}));
  }
  EXPECT_EQ(*y.node()->scope, "encoder/linear_1");
  EXPECT_EQ(*exp(Array::of({1})).node()->scope, "encoder");
}

}  // namespace
}  // namespace retrograd
