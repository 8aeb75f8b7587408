// Loops in plans: what does not grow with their length, what is kept for gradients, allocations, text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/scan.h>

#include <chrono>

#include "plan/loop_plan.h"
#include "runtime/allocations.h"
#include "runtime/plans.h"

namespace retrograd::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t N = 8, H = 16;

// h' = tanh(x + h u), and the last h, or the gradients of its sum to x [T, N, H] and u [H, H].
std::vector<Array> recurrence(const Array& xs, const Array& u, bool with_gradient, bool again = false) {
  const auto step = [&](std::span<const Array> h, std::span<const Array> x) {
    return ScanStep{{tanh(x[0] + matmul(h[0], u))}, {}};
  };
  const ScanStep all = scan(step, {zeros({N, H})}, {xs}, {.checkpoint = again});
  if (!with_gradient) return all.carry;
  return gradients(sum(all.carry[0]), {xs, u});
}

std::shared_ptr<const plan::Plan> plan_for(std::int64_t T, bool with_gradient, bool again = false) {
  const Array inputs[] = {make_placeholder({DType::f32, Shape{T, N, H}}, 0),
                          make_placeholder({DType::f32, Shape{H, H}}, 1)};
  return plan::make_plan(inputs, recurrence(inputs[0], inputs[1], with_gradient, again), {}, {});
}

std::size_t steps_inside(const plan::Plan& plan) {
  std::size_t count = plan.steps.size();
  for (const plan::PlannedStep& step : plan.steps) {
    if (step.kernel == &plan::loop_kernel) {
      count += steps_inside(*step.call.attributes.as<plan::PlannedLoop>().plan->body);
    }
  }
  return count;
}

TEST(LoopPlan, OfTenThousandStepsIsThatOfTen) {
  const auto begin = std::chrono::steady_clock::now();
  const auto plan = plan_for(10'000, true);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  RecordProperty("seconds", std::to_string(time.count()));
  EXPECT_LT(time.count(), 1.0);  // of milliseconds; unrolled it takes minutes
  const auto small = plan_for(10, true);
  EXPECT_EQ(plan->steps.size(), small->steps.size());
  EXPECT_EQ(steps_inside(*plan), steps_inside(*small));
}

TEST(LoopPlan, WithoutAGradientMemoryDoesNotGrowWithTheLength) {
  EXPECT_EQ(plan_for(1000, false)->arena_bytes, plan_for(2, false)->arena_bytes);
}

// The carries alone, or also what a gradient reads beside them.
TEST(LoopPlan, UnderCheckpointAGradientKeepsTheCarries) {
  constexpr std::int64_t T = 1000;
  constexpr std::size_t carries = T * N * H * sizeof(float);
  const std::size_t again = plan_for(T, true, true)->arena_bytes;
  const std::size_t kept = plan_for(T, true, false)->arena_bytes;
  EXPECT_GE(again, carries);
  EXPECT_LT(again, carries + carries / 10);
  EXPECT_GE(kept, 2 * carries);
}

// The gradient to x needs no sum of u's gradient over the steps.
TEST(LoopPlan, LeavesOutCarriesThatLeadToNothing) {
  const Array inputs[] = {make_placeholder({DType::f32, Shape{9, N, H}}, 0),
                          make_placeholder({DType::f32, Shape{H, H}}, 1)};
  const std::vector<Array> both = recurrence(inputs[0], inputs[1], true);
  const Array one[] = {both[0]};
  const auto plan = plan::make_plan(inputs, one, {}, {});
  EXPECT_LT(steps_inside(*plan), steps_inside(*plan::make_plan(inputs, both, {}, {})));
}

TEST(Loop, OfAThousandStepsGivesWhatTheStepsGive) {
  const Array u = full(Shape{H, H}, 0.05), xs = full(Shape{1000, N, H}, 0.1);
  float h = 0;
  for (int t = 0; t < 1000; ++t) h = std::tanh(0.1f + 16 * 0.05f * h);
  // A contraction by 0.8 (1 - h^2): errors of 16 roundings and a tanh do not add up over the steps.
  for (float found : recurrence(xs, u, false)[0].to_vector<float>()) EXPECT_NEAR(found, h, 1e-5);
}

TEST(Loop, AllocatesNothingInSteadyState) {
  auto f = compile([](const Array& xs, const Array& u) { return sum(recurrence(xs, u, true)[1]); });
  const Array xs = full(Shape{20, N, H}, 0.1), u = full(Shape{H, H}, 0.05);
  eval({xs, u});
  for (int i = 0; i < 3; ++i) const Array result = f(xs, u);
  const std::size_t before = allocations();
  for (int i = 0; i < 10; ++i) const Array result = f(xs, u);
  EXPECT_EQ(allocations(), before);
}

TEST(Loop, BuiltAgainIsRunByThePlanOfBefore) {
  const auto evaluate = [] {
    return recurrence(full(Shape{7, N, H}, 0.3), full(Shape{H, H}, 0.02), false)[0].to_vector<float>();
  };
  const std::vector<float> first = evaluate();
  const std::size_t misses = eval_cache().misses;
  EXPECT_EQ(evaluate(), first);
  EXPECT_EQ(eval_cache().misses, misses);
}

TEST(Loop, IsDescribedWithTheStepsOfItsBody) {
  auto f = compile([](const Array& xs, const Array& u) { return recurrence(xs, u, false)[0]; });
  f(full(Shape{30, N, H}, 0.1), full(Shape{H, H}, 0.05));
  EXPECT_THAT(f.describe(), HasSubstr("scan  a loop of 30 steps"));
  EXPECT_THAT(f.describe(), HasSubstr("    each step, arena "));
  EXPECT_THAT(f.describe(), HasSubstr("matmul"));
}

}  // namespace
}  // namespace retrograd::testing
