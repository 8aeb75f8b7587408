// Plans in words, and the counts of caches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/compile.h>
#include <retrograd/eval.h>
#include <retrograd/ops.h>

#include <vector>

namespace retrograd {
namespace {

using ::testing::HasSubstr;

Array leaf(const Shape& shape) {
  return Array::from(std::vector<float>(static_cast<std::size_t>(shape.size()), 0.5f), shape);
}

TEST(Describe, TellsEachStepsLayerKernelOperationsAndLayouts) {
  auto f = compile([](Array x, Array w) {
    const NameScope scope("layer");
    return relu(matmul(x, transpose(w)));
  });
  f(leaf({8, 16}), leaf({4, 16}));
  const std::string text = f.describe();
  EXPECT_THAT(text, HasSubstr("plan for (f32[8, 16], f32[4, 16])"));
  EXPECT_THAT(text, HasSubstr("layer: matmul + relu  highway, 1 shard, 1.056 kFLOP"));
  EXPECT_THAT(text, HasSubstr("input 1 f32[16, 4] strides (1, 16) -> result 0 f32[8, 4]"));
  EXPECT_THAT(text, HasSubstr("1 steps, 1.056 kFLOP, 0 reorders, 0 copies"));
  EXPECT_THAT(text, HasSubstr("arena 0 bytes, most alive at a step 0 bytes, constants 0 bytes"));
}

TEST(Describe, CountsWhatTheCacheDid) {
  auto f = compile([](Array x) { return x * 2.0; });
  for (int i = 0; i < 3; ++i) {
    f(leaf({1}));
    f(leaf({2}));
  }
  EXPECT_EQ(f.cache().misses, 2u);
  EXPECT_EQ(f.cache().hits, 4u);
  EXPECT_EQ(f.cache().evictions, 0u);
  EXPECT_EQ(f.cache().held, 2u);
  for (std::int64_t i = 3; i < 3 + static_cast<std::int64_t>(f.cache().capacity); ++i) f(leaf({i}));
  EXPECT_EQ(f.cache().evictions, 2u);
  EXPECT_EQ(f.cache().held, f.cache().capacity);
  EXPECT_THAT(f.describe(), HasSubstr("plans: 4 hits, 34 misses, 2 evictions; at most 32 are kept"));
}

TEST(Describe, TheCacheOfEvalFindsGraphsOfOneStructure) {
  eval({leaf({5}) + leaf({5}) * 3.0});
  const CacheCounts before = eval_cache();
  eval({leaf({5}) + leaf({5}) * 3.0});
  EXPECT_EQ(eval_cache().hits, before.hits + 1);
  EXPECT_EQ(eval_cache().misses, before.misses);
  eval({leaf({5}) - leaf({5}) * 3.0});
  EXPECT_EQ(eval_cache().misses, before.misses + 1);
}

}  // namespace
}  // namespace retrograd
