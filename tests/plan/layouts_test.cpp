// Images with the channels last inside of a plan: which steps run so, and that values stay the same.
#include <gtest/gtest.h>
#include <retrograd/convolution.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/pooling.h>

#include <cmath>

#include "ops/batch_norm.h"
#include "plan/plan.h"
#include "runtime/plans.h"

namespace retrograd::plan {
namespace {

Array numbers(const Shape& shape, double phase) {
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(std::sin(1.3 * static_cast<double>(i) + phase));
  return Array::from(std::span<const float>(values), shape);
}

std::shared_ptr<const Plan> plan_of(const std::vector<Array>& outputs) {
  return make_plan({}, outputs, {}, {});
}

std::vector<std::string> ops_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto* steps : {&plan.once, &plan.steps}) {
    for (const PlannedStep& step : *steps) names.emplace_back(step.call.op);
  }
  return names;
}

int count(const Plan& plan, std::string_view op) {
  const std::vector<std::string> names = ops_of(plan);
  return static_cast<int>(std::count(names.begin(), names.end(), op));
}

// conv, bias, relu, pool, conv, bias, relu, rows
std::vector<Array> network() {
  const Array x = numbers({4, 1, 12, 12}, 0.1);
  const Array w1 = numbers({8, 1, 3, 3}, 0.2), b1 = numbers({8, 1, 1}, 0.3);
  const Array w2 = numbers({16, 8, 3, 3}, 0.4), b2 = numbers({16, 1, 1}, 0.5);
  const Array z = max_pool(relu(convolution(x, w1) + b1));
  const Array y = reshape(relu(convolution(z, w2) + b2), {4, -1});
  const Array loss = sum(square(matmul(y, numbers({144, 3}, 0.6))));
  std::vector<Array> outputs = gradients(loss, std::vector<Array>{w1, b1, w2, b2});
  outputs.push_back(loss);
  outputs.push_back(z);
  return outputs;
}

TEST(Layouts, ImagesAreReorderedOnlyWhereTheyComeInAndGoOut) {
  const auto plan = plan_of(network());
  // The rows in front of the product, and their gradient: nothing between convolution, bias, relu and pool.
  EXPECT_EQ(count(*plan, "reorder"), 2);
}

TEST(Layouts, ConvolutionsAndPoolsRunOnFastKernels) {
  const auto plan = plan_of(network());
  for (const PlannedStep& step : plan->steps) {
    const std::string op(step.call.op);
    if (op.find("convolution") != std::string::npos || op.find("pool") != std::string::npos) {
      EXPECT_NE(step.kernel->backend, "reference") << op;
    }
  }
  EXPECT_EQ(count(*plan, "convolution"), 2);
  EXPECT_EQ(count(*plan, "convolution_weight_gradient"), 2);
}

TEST(Layouts, BiasAndActivationStayWithTheConvolution) {
  const auto plan = plan_of(network());
  for (const PlannedStep& step : plan->steps) {
    if (step.call.op == "convolution") {
      EXPECT_EQ(step.call.epilogue.size(), 2u);
    }
  }
}

TEST(Layouts, TheGradientOfTheFirstImageIsNotComputed) {
  EXPECT_EQ(count(*plan_of(network()), "convolution_input_gradient"), 1);
}

TEST(Layouts, ValuesAreThoseOfThePlainPlan) {
  const std::vector<Array> outputs = network();
  const auto fast = testing::values(outputs, false);
  const auto plain = testing::values(outputs, true);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    double largest = 1;
    for (double value : plain[k]) largest = std::max(largest, std::abs(value));
    // Sums of some thousand products in f32, in another order.
    for (std::size_t i = 0; i < plain[k].size(); ++i)
      EXPECT_NEAR(fast[k][i], plain[k][i], 1e-4 * largest) << k;
  }
}

// What reads a value in another way than image ops and element-wise steps do.
TEST(Layouts, EveryReaderOfAnImageGetsItsElements) {
  const Array x = numbers({2, 4, 6, 6}, 0.7);
  const Array y = convolution(x, numbers({8, 4, 3, 3}, 0.8));
  const std::vector<Array> outputs = {
      y,
      y + numbers({2, 8, 4, 4}, 0.9),
      transpose(y, {0, 2, 3, 1}),
      slice(y, {0, 1, 1, 0}, {2, 7, 4, 4}, {1, 2, 1, 3}),
      reshape(y, {16, 16}),
      reshape(mean(y, {2, 3}, true), {2, 8}),
      softmax(y, 1),
      max(y, 1),
      concatenate({y, y}, 1),
      matmul(y, y),
      broadcast_to(slice_axis(y, 2, 0, 1), Shape{2, 8, 3, 4}),
      where(greater(y, 0.0), y, reshape(numbers({256}, 1.0), {2, 8, 4, 4})),
      stop_gradient(y) * 2.0,
  };
  const auto fast = testing::values(outputs, false);
  const auto plain = testing::values(outputs, true);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    for (std::size_t i = 0; i < plain[k].size(); ++i)
      ASSERT_NEAR(fast[k][i], plain[k][i], 1e-4 * (1 + std::abs(plain[k][i])))
          << "output " << k << " element " << i;
  }
}

// The statistics are read before and after the activation.
TEST(Layouts, BatchNormTakesItsActivationAlong) {
  const Array x = numbers({4, 3, 5, 5}, 0.3), one = numbers({3}, 0.4);
  const BatchNormalised norm =
      batch_norm(convolution(x, numbers({3, 3, 3, 3}, 0.5)), one, one, square(numbers({4}, 1.5)), 0.1);
  const std::vector<Array> outputs = {relu(norm.y), norm.mean * 2.0, sum(norm.variance)};
  const auto plan = plan_of(outputs);
  for (const PlannedStep& step : plan->steps) {
    if (step.call.op == "batch_norm") {
      EXPECT_EQ(step.call.epilogue.size(), 1u);
    }
  }
  EXPECT_EQ(count(*plan, "batch_norm"), 1);
  EXPECT_EQ(count(*plan, "relu"), 0);
  const auto fast = testing::values(outputs, false);
  const auto plain = testing::values(outputs, true);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    for (std::size_t i = 0; i < plain[k].size(); ++i)
      EXPECT_NEAR(fast[k][i], plain[k][i], 1e-4 * (1 + std::abs(plain[k][i]))) << k;
  }
}

TEST(Layouts, ImagesInDoubleStayAsTheyAre) {
  const Array x = cast(numbers({1, 2, 5, 5}, 0.1), DType::f64);
  const auto plan = plan_of({convolution(x, cast(numbers({3, 2, 3, 3}, 0.2), DType::f64))});
  EXPECT_EQ(count(*plan, "reorder"), 0);
}

}  // namespace
}  // namespace retrograd::plan
