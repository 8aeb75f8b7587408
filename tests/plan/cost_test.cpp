// Operations and bytes of steps.
#include "plan/cost.h"

#include <gtest/gtest.h>
#include <retrograd/ops.h>

#include <algorithm>
#include <vector>

namespace retrograd::plan {
namespace {

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

Cost cost_of(const Array& output) {
  const Array outputs[] = {output};
  const auto plan = make_plan({}, outputs, {}, {});
  Cost sum;
  for (const PlannedStep& step : plan->steps) {
    const Cost cost = plan::cost_of(step);
    sum = {sum.flops + cost.flops, sum.bytes + cost.bytes};
  }
  return sum;
}

TEST(Cost, OfAProductIsTwoForEachTermAndOneForEachStageOnTheWayOut) {
  const Array product = matmul(leaf({3, 4}), leaf({4, 5}));
  EXPECT_EQ(cost_of(product).flops, 2 * 3 * 4 * 5);
  EXPECT_EQ(cost_of(product).bytes, 4 * (12 + 20 + 15));
  EXPECT_EQ(cost_of(relu(product + leaf({5}))).flops, 2 * 3 * 4 * 5 + 15 + 15);
  EXPECT_EQ(cost_of(relu(product + leaf({5}))).bytes, 4 * (12 + 20 + 15 + 5));
  EXPECT_EQ(cost_of(matmul(leaf({2, 3, 4}), leaf({2, 4, 5}))).flops, 2 * 2 * 3 * 4 * 5);
}

TEST(Cost, OfAChainIsOneForEachElementOfEachLink) {
  const Array x = leaf({6, 7});
  EXPECT_EQ(cost_of(exp(x)).flops, 42);
  EXPECT_EQ(cost_of(tanh(exp(x) + leaf({7}))).flops, 3 * 42);
  EXPECT_EQ(cost_of(tanh(exp(x) + leaf({7}))).bytes, 4 * (42 + 7 + 42));
}

// Momentum and decay: u <- momentum u + (g + decay w), w <- w - rate u.
TEST(Cost, OfACompositeThatIsKeptWholeIsThatOfItsDefinition) {
  const auto updated =
      sgd_momentum_update(leaf({10}), leaf({10}), leaf({10}), scalar(0.1), {.momentum = 0.9});
  const Array outputs[] = {updated[0], updated[1]};
  const auto plan = make_plan({}, outputs, {}, {});
  ASSERT_EQ(plan->steps.size(), 1u);
  EXPECT_GE(plan::cost_of(plan->steps[0]).flops, 4 * 10);
  EXPECT_LE(plan::cost_of(plan->steps[0]).flops, 8 * 10);
}

TEST(Cost, DataThatMovesIsAReorder) {
  const auto reorders = [](const Array& output) {
    const Array outputs[] = {output};
    const auto plan = make_plan({}, outputs, {}, {});
    return std::count_if(plan->steps.begin(), plan->steps.end(), is_reorder);
  };
  const Array x = leaf({6, 7});
  EXPECT_EQ(reorders(exp(reshape(x, {42}))), 0);
  EXPECT_EQ(reorders(exp(reshape(transpose(x), {42}))), 1);
}

}  // namespace
}  // namespace retrograd::plan
