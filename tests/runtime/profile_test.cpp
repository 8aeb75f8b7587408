// The profile of runs of plans.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/error.h>
#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/profile.h>
#include <retrograd/threads.h>
#include <retrograd/variable.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "runtime/allocations.h"

namespace retrograd {
namespace {

using ::testing::HasSubstr;

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

auto product_of_a_layer() {
  return compile([](Array x, Array w) {
    const NameScope scope("layer");
    return tanh(matmul(x, w));
  });
}

const ProfileRow* find(const std::vector<ProfileRow>& rows, const std::string& name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

TEST(Profile, SumsStepsByLayerAndByKernel) {
  auto f = product_of_a_layer();
  const Array x = leaf({8, 16});
  const Array w = leaf({16, 4});
  f(x, w);
  Profile profile;
  for (int i = 0; i < 5; ++i) f(x, w);
  profile.stop();
  f(x, w);  // not collected
  EXPECT_EQ(profile.runs(), 5u);
  EXPECT_GT(profile.seconds(), 0);
  const std::vector<ProfileRow> layers = profile.by_layer();
  const ProfileRow* layer = find(layers, "layer");
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(layer->calls, 5u);
  EXPECT_EQ(layer->flops, 5 * (2 * 8 * 16 * 4 + 8 * 4));
  EXPECT_EQ(layer->bytes, 5 * 4 * (8 * 16 + 16 * 4 + 8 * 4));
  EXPECT_GT(layer->seconds, 0);
  EXPECT_LE(layer->seconds, profile.seconds());
  EXPECT_NE(find(profile.by_kernel(), "matmul + tanh (highway)"), nullptr);
  EXPECT_THAT(profile.table(), HasSubstr("layer"));
  EXPECT_THAT(profile.table(), HasSubstr("5 runs"));
}

TEST(Profile, StepsOfTheBackwardPassCountForTheLayerThatTheyComeFrom) {
  const Variable w(leaf({16, 4}), "w");
  auto f = compile([&](Array x) {
    Array y;
    {
      const NameScope scope("layer");
      y = matmul(x, w);
    }
    return gradient(sum(square(y)), w);
  });
  Profile profile;
  f(leaf({8, 16}));
  const std::vector<ProfileRow> layers = profile.by_layer();
  ASSERT_NE(find(layers, "layer"), nullptr);
  EXPECT_EQ(find(layers, "layer")->calls, 2u);  // the product, and that of the gradient
}

TEST(Profile, OneCollectsAtATime) {
  Profile first;
  EXPECT_THROW(Profile(), Error);
  first.stop();
  EXPECT_NO_THROW(Profile());
}

TEST(Profile, TheTraceIsJsonWithALaneForEachThread) {
  const int before = threads();
  set_threads(2);
  auto f = compile([](Array x) { return exp(x); });
  const Array x = leaf({1 << 18});
  Profile profile;
  for (int i = 0; i < 20; ++i) f(x);
  std::thread([&] { f(x); }).join();
  const nlohmann::json trace = nlohmann::json::parse(profile.chrome_trace());
  set_threads(before);
  std::vector<std::string> lanes;
  int spans = 0;
  for (const auto& event : trace.at("traceEvents")) {
    if (event.at("ph") == "M") lanes.push_back(event.at("args").at("name"));
    if (event.at("ph") != "X") continue;
    ++spans;
    EXPECT_THAT(event.at("name").get<std::string>(), HasSubstr("exp"));
    EXPECT_GE(event.at("ts").get<double>(), 0);
    EXPECT_GE(event.at("dur").get<double>(), 0);
  }
  EXPECT_EQ(lanes, (std::vector<std::string>{"caller 1", "caller 2", "worker 1"}));
  EXPECT_EQ(spans, 21 * 16);  // shards
}

TEST(Profile, SpansBeyondTheRoomForThemAreCounted) {
  auto f = compile([](Array x) { return exp(x); });
  const Array x = leaf({8});
  Profile profile({.spans = 3});
  for (int i = 0; i < 10; ++i) f(x);
  const nlohmann::json trace = nlohmann::json::parse(profile.chrome_trace());
  EXPECT_EQ(trace.at("otherData").at("dropped_spans"), 7);
  EXPECT_EQ(profile.by_kernel().at(0).calls, 10u);
}

TEST(Profile, RunsAllocateNothingAfterTheFirst) {
#ifdef RETROGRAD_THREAD_SANITIZER
  GTEST_SKIP() << "the thread sanitizer has its own operator new";
#endif
  auto f = product_of_a_layer();
  const Array x = leaf({8, 16});
  const Array w = leaf({16, 4});
  f(x, w);
  Profile profile;
  f(x, w);
  f(x, w);
  const std::size_t before = testing::allocations();
  for (int i = 0; i < 50; ++i) f(x, w);
  EXPECT_EQ(testing::allocations(), before);
}

}  // namespace
}  // namespace retrograd
