// Executions that take turns with one arena.
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/ops.h>

#include <vector>

#include "runtime/plans.h"

namespace retrograd {
namespace {

Array leaf(const Shape& shape, float value) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), value), shape);
}

// softmax of a row sum, twice: values in the arena, and a constant that is made once.
Array graph(std::int64_t n) {
  const Array x = leaf({3, n}, 0.5f);
  return sum(softmax(softmax(x) * (scalar(2.0) * scalar(3.0))), 0);
}

double first(const std::shared_ptr<const plan::Plan>& plan, runtime::Execution& execution) {
  std::vector<BufferPtr> results{
      std::make_shared<Buffer>(static_cast<std::size_t>(plan->results[0].shape.size()) * 4)};
  EXPECT_EQ(execution.run({}, results).step, nullptr);
  return static_cast<double>(results[0]->as<float>()[0]);
}

TEST(Execution, SeveralTakeTurnsWithOneArena) {
  const Array small[] = {graph(8)};
  const Array large[] = {graph(500)};
  const auto small_plan = plan::make_plan({}, small, {}, {});
  const auto large_plan = plan::make_plan({}, large, {}, {});
  ASSERT_GT(small_plan->arena_bytes, 0u);
  ASSERT_GT(small_plan->constant_bytes, 0u);
  runtime::Execution a(large_plan);
  BufferPtr arena = a.give_arena();
  const std::byte* memory = arena->data();
  runtime::Execution b(small_plan, std::move(arena));
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(first(small_plan, b), 3.0 / 8, 1e-6);
    arena = b.give_arena();
    EXPECT_EQ(arena->data(), memory);
    a.take_arena(std::move(arena));
    EXPECT_NEAR(first(large_plan, a), 3.0 / 500, 1e-6);
    b.take_arena(a.give_arena());
  }
}

TEST(Execution, AnArenaThatIsTooSmallIsNotTaken) {
  const Array large[] = {graph(500)};
  const auto plan = plan::make_plan({}, large, {}, {});
  runtime::Execution execution(plan, std::make_shared<Buffer>(64));
  EXPECT_NEAR(first(plan, execution), 3.0 / 500, 1e-6);
}

TEST(Compile, PlansOfOneFunctionShareAnArena) {
  auto f = compile([](Array x) { return sum(softmax(softmax(x) * 6.0), 0); });
  for (int i = 0; i < 3; ++i) {
    for (std::int64_t n : {500, 8, 100}) {
      EXPECT_NEAR(f(leaf({3, n}, 0.5f)).to_vector<double>()[0], 3.0 / static_cast<double>(n), 1e-6);
    }
  }
}

}  // namespace
}  // namespace retrograd
