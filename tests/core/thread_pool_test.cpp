// The pool: every shard once, whatever the number of threads.
#include "core/thread_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <retrograd/error.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include "core/floating_point_mode.h"

namespace retrograd::core {
namespace {

using ::testing::Each;

// Restores the number of threads at the end of a test.
class Threads {
 public:
  explicit Threads(int count) : before_(threads()) { set_threads(count); }
  ~Threads() { set_threads(before_); }

 private:
  int before_;
};

TEST(ThreadPool, RunsEveryShardOnce) {
  std::mt19937 random(1);
  for (int count : {1, 2, 3, 4, 8}) {
    const Threads threads_in_use(count);
    for (int round = 0; round < 300; ++round) {
      std::vector<std::atomic<int>> runs(1 + random() % 40);
      parallel_for(static_cast<int>(runs.size()), [&](int shard) {
        EXPECT_LT(thread_index(), count);
        runs[static_cast<std::size_t>(shard)].fetch_add(1);
      });
      for (const std::atomic<int>& run : runs) ASSERT_EQ(run.load(), 1);
    }
  }
}

TEST(ThreadPool, ANestedCallRunsOnItsThread) {
  const Threads threads_in_use(4);
  std::vector<int> inner(16, 0);
  parallel_for(4, [&](int outer) {
    const int thread = thread_index();
    parallel_for(4, [&](int shard) {
      EXPECT_EQ(thread_index(), thread);
      inner[static_cast<std::size_t>(4 * outer + shard)] = 1;
    });
  });
  EXPECT_THAT(inner, Each(1));
}

TEST(ThreadPool, SeveralThreadsMayCall) {
  const Threads threads_in_use(2);
  std::vector<std::atomic<int>> sums(4);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < sums.size(); ++caller) {
    callers.emplace_back([&, caller] {
      for (int round = 0; round < 500; ++round) {
        parallel_for(8, [&](int shard) { sums[caller].fetch_add(shard); });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::atomic<int>& sum : sums) EXPECT_EQ(sum.load(), 500 * 28);
}

TEST(ThreadPool, WakesAfterSleep) {
  const Threads threads_in_use(3);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    std::atomic<int> runs{0};
    parallel_for(7, [&](int) { runs.fetch_add(1); });
    EXPECT_EQ(runs.load(), 7);
  }
}

TEST(ThreadPool, WorkersTakeOverTheCallersFloatingPointMode) {
  const Threads threads_in_use(4);
  const std::uint64_t before = floating_point_mode();
  constexpr std::uint64_t flush_to_zero =
      0x8000;  // bit 15 of MXCSR; on other processors another flag or none
  set_floating_point_mode(before | flush_to_zero);
  const std::uint64_t wanted = floating_point_mode();
  std::vector<std::uint64_t> modes(64);
  parallel_for(64, [&](int shard) {
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    modes[static_cast<std::size_t>(shard)] = floating_point_mode();
  });
  set_floating_point_mode(before);
  // The status bits (the lower six of MXCSR) are each thread's own.
  for (std::uint64_t mode : modes) EXPECT_EQ(mode >> 6, wanted >> 6);
}

TEST(ThreadPool, WantsAtLeastOneThread) {
  EXPECT_THROW(set_threads(0), Error);
  EXPECT_THROW(set_threads(1000), Error);
}

}  // namespace
}  // namespace retrograd::core
