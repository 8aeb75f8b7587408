// Workers that spin for about 0.1 ms, then sleep. Each thread has a range of shards, takes its own from the
// front and, when it has none left, those of others from the back. The caller waits for shards, not for
// workers.
#include "core/thread_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "core/fail.h"
#include "core/floating_point_mode.h"
#include "core/physical_cores.h"

namespace retrograd::core {
namespace {

constexpr int most_threads = 256;
constexpr int spins = 2000;  // pauses, about 0.1 ms

thread_local int index_of_thread = 0;
thread_local bool inside_shard = false;

// Shards [first, last) that are left, in one word.
struct alignas(64) Range {
  std::atomic<std::uint64_t> word{0};

  static std::uint64_t pack(std::uint32_t first, std::uint32_t last) {
    return static_cast<std::uint64_t>(first) << 32 | last;
  }
  // Takes one shard, from the front or the back; -1 where none is left.
  int take(bool front) noexcept {
    std::uint64_t now = word.load(std::memory_order_acquire);
    for (;;) {
      const auto first = static_cast<std::uint32_t>(now >> 32);
      const auto last = static_cast<std::uint32_t>(now);
      if (first >= last) return -1;
      const std::uint64_t next = front ? pack(first + 1, last) : pack(first, last - 1);
      if (word.compare_exchange_weak(now, next, std::memory_order_acq_rel, std::memory_order_acquire)) {
        return static_cast<int>(front ? first : last - 1);
      }
    }
  }
};

class ThreadPool {
 public:
  ThreadPool() { start(physical_cores()); }
  ~ThreadPool() { stop(); }

  int count() const { return count_.load(std::memory_order_relaxed); }

  void resize(int count) {
    const std::lock_guard alone(resizing_);
    while (busy_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    if (count != this->count()) {
      stop();
      start(count);
    }
    busy_.clear(std::memory_order_release);
  }

  void run(int shards, ShardFunction function, void* context) {
    if (inside_shard || count() == 1 || busy_.test_and_set(std::memory_order_acquire)) {
      for (int shard = 0; shard < shards; ++shard) function(context, shard);
      return;
    }
    function_ = function;
    context_ = context;
    mode_ = floating_point_mode();
    done_.store(0, std::memory_order_relaxed);
    const int ranges = std::min(count(), shards);
    for (int r = 0; r < ranges; ++r) {
      const auto first = static_cast<std::uint32_t>(static_cast<std::int64_t>(shards) * r / ranges);
      const auto last = static_cast<std::uint32_t>(static_cast<std::int64_t>(shards) * (r + 1) / ranges);
      ranges_[static_cast<std::size_t>(r)].word.store(Range::pack(first, last), std::memory_order_release);
    }
    generation_.fetch_add(1);
    if (sleepers_.load() > 0) generation_.notify_all();
    work(0);
    wait_for(static_cast<std::uint32_t>(shards));
    busy_.clear(std::memory_order_release);
  }

 private:
  void start(int count) {
    count_.store(count, std::memory_order_relaxed);
    stopping_.store(false);
    for (int i = 1; i < count; ++i) {
      workers_.emplace_back([this, i] { serve(i); });
    }
  }

  void stop() {
    stopping_.store(true);
    generation_.fetch_add(1);
    generation_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

  void serve(int index) {
    index_of_thread = index;
    std::uint32_t seen = 0;
    while (!stopping_.load(std::memory_order_acquire)) {
      work(index);
      seen = wait_for_work(seen);
    }
  }

  // Returns the generation of the work that there is now.
  std::uint32_t wait_for_work(std::uint32_t seen) {
    for (int spin = 0; spin < spins; ++spin) {
      const std::uint32_t now = generation_.load(std::memory_order_acquire);
      if (now != seen) return now;
      pause();
    }
    sleepers_.fetch_add(1);
    generation_.wait(seen);
    sleepers_.fetch_sub(1);
    return generation_.load(std::memory_order_acquire);
  }

  void work(int index) noexcept {
    const int count = this->count();
    for (int i = 0; i < count; ++i) {
      Range& range = ranges_[static_cast<std::size_t>((index + i) % count)];
      for (int shard = range.take(i == 0); shard >= 0; shard = range.take(i == 0)) run_one(index, shard);
    }
  }

  void run_one(int index, int shard) noexcept {
    // A successful take() makes the fields of the work visible, and they stay until this shard is done.
    if (index != 0) set_floating_point_mode(mode_);
    inside_shard = true;
    function_(context_, shard);
    inside_shard = false;
    done_.fetch_add(1);
    if (index != 0 && joining_.load()) done_.notify_one();
  }

  void wait_for(std::uint32_t shards) {
    for (int spin = 0; spin < spins; ++spin) {
      if (done_.load(std::memory_order_acquire) == shards) return;
      pause();
    }
    joining_.store(true);
    for (std::uint32_t done = done_.load(); done != shards; done = done_.load()) done_.wait(done);
    joining_.store(false);
  }

  std::array<Range, most_threads> ranges_;
  alignas(64) std::atomic<std::uint32_t> generation_{0};
  std::atomic<int> sleepers_{0};
  alignas(64) std::atomic<std::uint32_t> done_{0};
  std::atomic<bool> joining_{false};
  alignas(64) ShardFunction function_ = nullptr;
  void* context_ = nullptr;
  std::uint64_t mode_ = 0;
  std::atomic<int> count_{1};
  std::atomic<bool> stopping_{false};
  std::atomic_flag busy_;
  std::mutex resizing_;
  std::vector<std::thread> workers_;
};

ThreadPool& pool() {
  static ThreadPool instance;
  return instance;
}

}  // namespace

int thread_index() noexcept { return index_of_thread; }
int thread_count() { return pool().count(); }

void run_shards(int shards, ShardFunction function, void* context) { pool().run(shards, function, context); }

}  // namespace retrograd::core

namespace retrograd {

void set_threads(int count) {
  if (count < 1 || count > core::most_threads) {
    fail(ErrorKind::argument, "set_threads: {} threads; expected 1 to {}", count, core::most_threads);
  }
  core::pool().resize(count);
}

int threads() { return core::thread_count(); }

}  // namespace retrograd
