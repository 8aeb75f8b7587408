// Bias and activation are computed with the product they follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/ops.h>

#include "plan/plan.h"

namespace retrograd::plan {
namespace {

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

TEST(Epilogues, BiasAndActivationJoinTheProduct) {
  const Array outputs[] = {relu(matmul(leaf({64, 128}), leaf({128, 256})) + leaf({256}))};
  const auto plan = make_plan({}, outputs, {}, {});
  ASSERT_EQ(plan->steps.size(), 1u);
  EXPECT_EQ(to_string(plan->steps[0]), "matmul + add + relu f32[64, 256]");
}

TEST(Epilogues, AProductWithTwoReadersStaysAlone) {
  const Array z = matmul(leaf({64, 128}), leaf({128, 256}));
  const Array outputs[] = {relu(z) * z};
  const auto plan = make_plan({}, outputs, {}, {});
  EXPECT_EQ(to_string(plan->steps[0]), "matmul f32[64, 256]");
}

TEST(Epilogues, AColumnIsNoBias) {
  const Array outputs[] = {matmul(leaf({64, 64}), leaf({64, 64})) + leaf({64, 1})};
  const auto plan = make_plan({}, outputs, {}, {});
  EXPECT_EQ(plan->steps.size(), 2u);
}

}  // namespace
}  // namespace retrograd::plan
