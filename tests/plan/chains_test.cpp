// Element-wise steps run as chains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/ops.h>

#include "plan/plan.h"

namespace retrograd::plan {
namespace {

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

std::shared_ptr<const Plan> plan_of(const std::vector<Array>& outputs) {
  return make_plan({}, outputs, {}, {});
}

TEST(Chains, SixOpsOverOneShapeAreOneStep) {
  const Array x = leaf({64, 100});
  const auto plan = plan_of({tanh(square(x) + leaf({100})) * sigmoid(x) - 0.5});
  ASSERT_EQ(plan->steps.size(), 1u);
  EXPECT_EQ(plan->arena_bytes - plan->once.size() * 64, 0u);
}

TEST(Chains, AnIntermediateThatIsUsedElsewhereIsAnOutput) {
  const Array x = leaf({64, 100});
  const Array y = tanh(x * 2.0);
  const auto plan = plan_of({y * y, sum(y)});
  EXPECT_EQ(plan->steps[0].outputs.size(), 2u);
}

// b depends on a, c on both a and b, but b is no element-wise op: a and c must not become one step.
TEST(Chains, AStepOutsideMayNotStandBetweenTwoMembers) {
  const Array a = tanh(leaf({8, 8}));
  const Array b = softmax(a);
  const auto plan = plan_of({a * b});
  EXPECT_EQ(plan->steps.size(), 3u);
}

// Two chains of which each needs a member of the other must not both be fused.
TEST(Chains, DoNotWaitForOneAnother) {
  const Array x = leaf({8, 8});
  const Array y = leaf({1, 8});
  const Array a1 = tanh(x);
  const Array b1 = tanh(y);
  const Array a2 = a1 * broadcast_to(b1, {8, 8});
  const Array b2 = b1 + sum(a1, 0, true);
  const auto plan = plan_of({sum(a2), sum(b2)});
  EXPECT_FALSE(plan->steps.empty());
}

TEST(Chains, KeepAnInputThatALaterLinkStillReads) {
  const Array x = softmax(leaf({1000}));
  const Array y = tanh(x);
  const auto plan = plan_of({sum(y), sum(y - x)});
  for (const PlannedStep& step : plan->steps) {
    if (step.call.chain.empty()) continue;
    for (const Location& output : step.outputs) {
      EXPECT_NE(output.offset, step.inputs[0].offset);
    }
  }
}

}  // namespace
}  // namespace retrograd::plan
