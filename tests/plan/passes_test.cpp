// Each pass is needed for what it does here.
#include "plan/passes/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>

#include <algorithm>

#include "plan/plan.h"
#include "plan/schedule.h"
#include "plan/trace.h"
#include "plan/verify.h"

namespace retrograd::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

std::vector<std::string> ops_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const PlannedStep& step : plan.steps) names.emplace_back(step.op->name);
  return names;
}

std::shared_ptr<const Plan> plan_of(const Array& output) {
  const Array outputs[] = {output};
  return make_plan({}, outputs, {}, {});
}

TEST(CommonSubexpressions, EqualCallsAreMadeOnce) {
  const Array x = leaf({2, 3});
  const auto plan = plan_of(matmul(transpose(softmax(x)), softmax(x)));
  EXPECT_THAT(ops_of(*plan), ElementsAre("softmax", "matmul"));
}

TEST(CommonSubexpressions, CallsWithOtherAttributesStayApart) {
  const Array x = leaf({2, 2});
  EXPECT_THAT(ops_of(*plan_of(sum(x, 0) + sum(x, 1))), ElementsAre("sum", "sum", "add"));
}

TEST(CommonSubexpressions, TwoRandomDrawsStayApart) {
  const std::vector<std::int64_t> counter{1, 0};
  const Array state = Array::from(counter, Shape{2});
  EXPECT_THAT(ops_of(*plan_of(uniform(state, {3}) + uniform(state, {3}))),
              ElementsAre("uniform", "uniform", "add"));
}

TEST(CommonSubexpressions, NodesOfTwoRecomputationsStayApart) {
  const Array x = leaf({2, 3});
  const Array once = softmax(x);
  const Array again = softmax(x);
  again.node()->region = new_region();
  EXPECT_THAT(ops_of(*plan_of(matmul(transpose(once), again))), ElementsAre("softmax", "softmax", "matmul"));
  const Array in_one_region = softmax(x);
  in_one_region.node()->region = again.node()->region;
  EXPECT_THAT(ops_of(*plan_of(matmul(transpose(in_one_region), again))), ElementsAre("softmax", "matmul"));
}

TEST(DeadCode, OutputsThatNobodyUsesAreNotMade) {
  const Array x = leaf({2, 3});
  Graph graph;
  const Array outputs[] = {exp(x), tanh(x)};
  graph = make_graph({}, outputs, {}, {});
  EXPECT_EQ(graph.steps.size(), 2u);
  graph.outputs.pop_back();
  drop_dead_code(graph);
  ASSERT_EQ(graph.steps.size(), 1u);
  EXPECT_EQ(graph.steps[0].op->name, "exp");
}

TEST(Views, MoveNoData) {
  const Array x = leaf({2, 3});
  const auto plan = plan_of(sum(transpose(reshape(x, {3, 2})) * broadcast_to(leaf({3}), {2, 3})));
  EXPECT_THAT(ops_of(*plan), ElementsAre("multiply", "sum"));
}

TEST(Verifier, FindsAValueThatIsUsedBeforeItIsMade) {
  const Array outputs[] = {exp(tanh(leaf({2})))};
  Graph graph = make_graph({}, outputs, {}, {});
  std::swap(graph.steps[0], graph.steps[1]);
  try {
    verify(graph, "a swap");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("after a swap: a value is used before it is made"));
  }
}

TEST(Verifier, FindsAnOutputOfAnotherType) {
  const Array outputs[] = {exp(leaf({2}))};
  Graph graph = make_graph({}, outputs, {}, {});
  graph.values[static_cast<std::size_t>(graph.steps[0].outputs[0])].type.dtype = DType::f64;
  EXPECT_THROW(verify(graph, "a change"), Error);
}

// A view that runs backward begins at its base's last element.
TEST(Verifier, FindsAViewThatReachesBelowItsBaseOrBeyond) {
  const Array outputs[] = {exp(flip(leaf({4})))};
  Graph graph = make_graph({}, outputs, {}, {});
  turn_into_views(graph);
  ASSERT_EQ(graph.steps.size(), 1u);
  Layout& layout = graph.values[static_cast<std::size_t>(graph.steps[0].inputs[0])].layout;
  ASSERT_EQ(layout.strides[0], -1);
  ASSERT_EQ(layout.offset, 3);
  EXPECT_NO_THROW(verify(graph, "a flip"));
  for (std::int64_t offset : {2, 4}) {
    layout.offset = offset;
    EXPECT_THROW(verify(graph, "a shift"), Error);
  }
}

TEST(Plan, ReusesABufferAfterItsLastUse) {
  Array x = leaf({1000});
  for (int i = 0; i < 10; ++i) x = softmax(x);
  const auto plan = plan_of(sum(x));
  EXPECT_LE(plan->arena_bytes, 2u * 4032u);
}

TEST(Plan, ElementWiseStepsWorkInPlace) {
  Array x = sum(leaf({8, 1000}), 0);
  for (int i = 0; i < 10; ++i) x = tanh(x);
  const auto plan = plan_of(sum(x));
  EXPECT_LE(plan->arena_bytes, 4032u + 64u);
}

TEST(Plan, ConstantsAreMadeOnce) {
  const auto plan = plan_of(leaf({2}) * (scalar(2.0) * scalar(3.0)));
  EXPECT_THAT(ops_of(*plan), ElementsAre("multiply"));
  EXPECT_FALSE(plan->once.empty());
}

// Else all cotangents and activations are kept until the rate has been converted: twice as many.
TEST(Plan, UpdatesDoNotWaitForTheirRate) {
  const double activation = 256 * 16 * 4;
  const Variable rate(Array::from(std::vector<double>{0.1}, Shape{}), "rate");
  std::vector<Variable> weights;
  Array x = leaf({256, 16});
  for (int k = 0; k < 16; ++k) {
    weights.emplace_back(leaf({16, 16}), "w");
    x = tanh(matmul(x, weights.back()));
  }
  const std::vector<Array> slopes = gradients(sum(square(x)), weights);
  std::vector<Update> updates;
  const Array now = cast(rate, DType::f32);
  for (std::size_t k = 0; k < slopes.size(); ++k) {
    updates.push_back({weights[k].state(), weights[k].read() - now * slopes[k]});
  }
  EXPECT_LE(static_cast<double>(make_plan({}, {}, updates, {})->arena_bytes), (16 + 4) * activation);
}

TEST(Plan, WritesAnUpdateIntoItsVariable) {
  const Variable w(leaf({4, 4}), "w");
  const Array g = gradient(sum(square(matmul(leaf({2, 4}), w))), w);
  const std::vector<Update> updates{{w.state(), w.read() - 0.1 * g}};
  const auto plan = make_plan({}, {}, updates, {});
  EXPECT_TRUE(plan->copies.empty());
  EXPECT_EQ(plan->steps.back().outputs[0].place, Place::variable);
}

TEST(Plan, UpdatesAVariableOnlyAfterItsLastReadAndEveryCheck) {
  const Variable w(leaf({4, 4}), "w");
  const Array x = leaf({2, 4});
  const Array h = matmul(x, w);
  const Array E = check_finite(sum(square(matmul(h, transpose(w.read())))));
  const std::vector<Update> updates{{w.state(), w.read() - 0.1 * gradient(E, w)}};
  const Array outputs[] = {E};
  const auto plan = make_plan({}, outputs, updates, {});
  const auto writes = [](const PlannedStep& step) { return step.outputs[0].place == Place::variable; };
  const auto write = std::find_if(plan->steps.begin(), plan->steps.end(), writes);
  ASSERT_NE(write, plan->steps.end());
  for (auto step = write + 1; step != plan->steps.end(); ++step) {
    EXPECT_FALSE(step->op->traits.check);
    for (const Location& input : step->inputs) EXPECT_NE(input.place, Place::variable);
  }
}

TEST(Plan, UpdatesAWeightBeforeTheGradientsOfEarlierLayers) {
  const Variable w1(leaf({64, 64}), "w1");
  const Variable w2(leaf({64, 64}), "w2");
  const Array E = sum(square(matmul(tanh(matmul(leaf({8, 64}), w1)), w2)));
  const std::vector<Array> dE = gradients(E, {w1.read(), w2.read()});
  const std::vector<Update> updates{{w1.state(), w1.read() - 0.1 * dE[0]},
                                    {w2.state(), w2.read() - 0.1 * dE[1]}};
  const auto plan = make_plan({}, {}, updates, {});
  int last_matmul = 0;
  int first_write = -1;
  for (std::size_t i = 0; i < plan->steps.size(); ++i) {
    if (plan->steps[i].op->name == "matmul") last_matmul = static_cast<int>(i);
    if (first_write < 0 && plan->steps[i].outputs[0].place == Place::variable)
      first_write = static_cast<int>(i);
  }
  EXPECT_LT(first_write, last_matmul);
}

}  // namespace
}  // namespace retrograd::plan
