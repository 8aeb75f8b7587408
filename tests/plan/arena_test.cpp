// The arenas of training steps of fully connected networks, beside the most bytes that are alive at a step.
#include <gtest/gtest.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/variable.h>

#include <vector>

#include "plan/plan.h"

namespace retrograd::plan {
namespace {

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size())), shape);
}

// Forward, loss, backward and Adam's update of a network of `widths` on a batch.
std::shared_ptr<const Plan> training_step(std::int64_t batch, const std::vector<std::int64_t>& widths) {
  const Array x = leaf({batch, widths.front()});
  const Array labels = Array::from(std::vector<std::int32_t>(static_cast<std::size_t>(batch)), {batch});
  std::vector<Variable> variables;
  std::vector<Array> parameters;
  const auto parameter = [&](const Shape& shape) {
    variables.emplace_back(leaf(shape), "parameter");
    parameters.push_back(variables.back().read());
    return parameters.back();
  };
  Array h = x;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    if (i > 0) h = relu(h);
    const Array w = parameter({widths[i], widths[i + 1]});
    h = matmul(h, w) + parameter({widths[i + 1]});
  }
  const Array E = mean(cross_entropy_with_logits(h, labels));
  const std::vector<Array> dE = gradients(E, parameters);
  std::vector<Update> updates;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Variable m(leaf(parameters[i].shape()), "m");
    const Variable v(leaf(parameters[i].shape()), "v");
    const auto next =
        adam_update(parameters[i], dE[i], m.read(), v.read(), scalar(0.001), scalar(0.1), scalar(0.001));
    updates.push_back({variables[i].state(), next[0]});
    updates.push_back({m.state(), next[1]});
    updates.push_back({v.state(), next[2]});
  }
  const Array outputs[] = {check_finite(E)};
  return make_plan({}, outputs, updates, {});
}

TEST(Arena, IsWithinATenthOfTheBytesAliveAtOnce) {
  const std::vector<std::vector<std::int64_t>> networks{
      {784, 30, 10},       {784, 512, 512, 10},           {4, 10, 3},
      {64, 512, 10},       {30, 64, 64, 64, 64, 64, 2},   {13, 100, 50, 3},
      {784, 256, 32, 784}, {100, 20, 100, 20, 100, 20, 5}};
  for (const auto& widths : networks) {
    for (std::int64_t batch : {1, 7, 32, 128, 1000}) {
      const auto plan = training_step(batch, widths);
      EXPECT_GE(plan->arena_bytes, plan->live_bytes);
      EXPECT_LE(static_cast<double>(plan->arena_bytes), 1.1 * static_cast<double>(plan->live_bytes))
          << "batch " << batch << ", " << widths.size() - 1 << " layers of " << widths[1];
    }
  }
}

}  // namespace
}  // namespace retrograd::plan
