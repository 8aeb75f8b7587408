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
  EXPECT_EQ(plan->arena_bytes, 0u);
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
  const auto plan = plan_of({softmax(y), softmax(y - x)});
  for (const PlannedStep& step : plan->steps) {
    if (step.call.chain.empty()) continue;
    for (const Location& output : step.outputs) {
      EXPECT_NE(output.offset, step.inputs[0].offset);
    }
  }
}

TEST(Chains, AReductionAtTheEndIsMadeWithIt) {
  const Array y = leaf({64, 100});
  const auto ops = [](const Array& output) {
    const auto plan = plan_of({output});
    EXPECT_EQ(plan->steps.size(), 1u);
    return ops_of(plan->steps.back());
  };
  EXPECT_EQ(ops(sum(square(y - leaf({100})))), "subtract, square -> sum");
  EXPECT_EQ(ops(sum(square(y), 1)), "square -> sum");
  EXPECT_EQ(ops(max(square(y), 0)), "square -> max");
  EXPECT_EQ(ops(sum(reshape(square(y), {640, 10}), 1)), "square -> sum");
}

TEST(Chains, AreNotMadeWhereOpsAreToBeStepsOfTheirOwn) {
  const Array outputs[] = {sum(square(leaf({64, 100}) - leaf({100})))};
  EXPECT_EQ(make_plan({}, outputs, {}, {.fuse = false})->steps.size(), 3u);
}

TEST(Chains, WhatIsReducedAndNeededElsewhereIsStored) {
  const Array y = tanh(leaf({64, 100}));
  const auto plan = plan_of({softmax(y), sum(y, 0)});
  ASSERT_EQ(plan->steps.size(), 2u);
  EXPECT_EQ(ops_of(plan->steps[0]), "tanh -> sum");
  EXPECT_EQ(plan->steps[0].outputs.size(), 2u);
}

TEST(Chains, AReductionOverAMiddleAxisStandsAlone) {
  EXPECT_EQ(plan_of({sum(square(leaf({4, 5, 6})), 1)})->steps.size(), 2u);
  EXPECT_EQ(plan_of({sum(transpose(square(leaf({50, 60}))), 1)})->steps.size(), 2u);
}

}  // namespace
}  // namespace retrograd::plan
