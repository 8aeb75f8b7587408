// Shape rules against the shapes that views and derivatives really have. Values have theirs in
// golden_test.cpp.
#include <gtest/gtest.h>

#include "core/layout.h"
#include "ops/samples.h"

namespace retrograd::testing {
namespace {

std::string test_name(const ::testing::TestParamInfo<Case>& tested) { return name_of(tested.param); }

class VjpRules : public ::testing::TestWithParam<Case> {};

TEST_P(VjpRules, GiveACotangentOfTheTypeOfItsInput) {
  const Case& c = GetParam();
  for (DType floating : {DType::f32, DType::f64}) {
    const std::vector<Array> inputs = draw(c, floating);
    const std::vector<Array> outputs = apply(*c.op, inputs, c.sample().attributes);
    std::vector<Array> cotangents;
    for (const Array& output : outputs) cotangents.push_back(zeros_like(output));
    const std::vector<Array> result = c.op->vjp.rule()({inputs, outputs, cotangents, c.sample().attributes});
    ASSERT_EQ(result.size(), inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!is_floating(inputs[i].dtype())) continue;  // what stands there is not used
      ASSERT_FALSE(result[i].empty()) << i;
      EXPECT_EQ(result[i].type(), inputs[i].type()) << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, VjpRules, ::testing::ValuesIn(cases_where([](const Case& c) {
                           return c.op->vjp.rule() != nullptr && is_differentiable(c);
                         })),
                         test_name);

class Views : public ::testing::TestWithParam<Case> {};

TEST_P(Views, HaveTheShapeOfTheRuleAndStayWithinTheInput) {
  const Case& c = GetParam();
  const std::vector<Array> inputs = draw(c, DType::f32);
  const Array output = apply1(*c.op, inputs, c.sample().attributes);
  Layout layout;
  const Layout input = Layout::row_major(inputs[0].shape());
  ASSERT_TRUE(c.op->traits.view(c.sample().attributes, input, output.shape(), &layout));
  EXPECT_EQ(layout.shape, output.shape());
  std::int64_t lowest = layout.offset;
  std::int64_t highest = layout.offset;
  for (int axis = 0; axis < layout.shape.rank(); ++axis) {
    const std::int64_t reach = (layout.shape[axis] - 1) * layout.strides[static_cast<std::size_t>(axis)];
    (reach < 0 ? lowest : highest) += reach;
  }
  EXPECT_GE(lowest, 0);
  EXPECT_LT(highest, inputs[0].size());
  if (output.size() >= inputs[0].size()) {  // it shows every element
    EXPECT_EQ(lowest, 0);
    EXPECT_EQ(highest, inputs[0].size() - 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, Views, ::testing::ValuesIn(cases_where([](const Case& c) {
                           return c.op->traits.view != nullptr;
                         })),
                         test_name);

class Elementwise : public ::testing::TestWithParam<Case> {};

TEST_P(Elementwise, OpsKeepTheShape) {
  const Case& c = GetParam();
  const std::vector<Array> inputs = draw(c, DType::f32);
  for (const Array& output : apply(*c.op, inputs, c.sample().attributes)) {
    for (const Array& input : inputs) EXPECT_EQ(output.shape(), input.shape());
  }
}

INSTANTIATE_TEST_SUITE_P(Ops, Elementwise, ::testing::ValuesIn(cases_where([](const Case& c) {
                           return c.op->traits.elementwise;
                         })),
                         test_name);

}  // namespace
}  // namespace retrograd::testing
