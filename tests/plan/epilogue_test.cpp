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

TEST(Epilogues, AResidualJoinsTheProduct) {
  const Array x = leaf({64, 256});
  const Array outputs[] = {matmul(leaf({64, 128}), leaf({128, 256})) + leaf({256}) + x};
  const auto plan = make_plan({}, outputs, {}, {});
  ASSERT_EQ(plan->steps.size(), 1u);
  EXPECT_EQ(to_string(plan->steps[0]), "matmul + add + add f32[64, 256]");
}

TEST(Epilogues, TheUpdateOfAWeightIsMadeWithItsGradientAndWrittenInPlace) {
  for (const Shape& shape : {Shape{96, 30}, Shape{512, 256}}) {
    const Variable w(leaf(shape), "w");
    const Variable rate(leaf(Shape{}), "rate");
    const Array gradient = matmul(transpose(leaf({10, shape[0]})), leaf({10, shape[1]}));
    const std::vector<Update> updates{{w.state(), w.read() - rate.read() * gradient}};
    const auto plan = make_plan({}, {}, updates, {});
    ASSERT_EQ(plan->steps.size(), 1u);
    EXPECT_EQ(ops_of(plan->steps[0]), "matmul + multiply + subtract");
    EXPECT_EQ(plan->steps[0].outputs[0].place, Place::variable);
    EXPECT_TRUE(plan->copies.empty());
  }
}

// dy (1 - y^2) stays one chain behind the product.
TEST(Epilogues, AFactorThatIsMadeForTheProductAloneStaysInTheChain) {
  const Array y = softmax(leaf({64, 100}));
  const Array outputs[] = {matmul(leaf({64, 50}), leaf({50, 100})) * (1.0 - square(y))};
  const auto plan = make_plan({}, outputs, {}, {});
  ASSERT_EQ(plan->steps.size(), 3u);
  EXPECT_EQ(ops_of(plan->steps[1]), "matmul");
  EXPECT_EQ(ops_of(plan->steps[2]), "square, subtract, multiply");
}

}  // namespace
}  // namespace retrograd::plan
