// What runs of plans write while a profile collects. The public face and its texts are in profile.cpp.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "plan/plan.h"

namespace retrograd::runtime {

// Nanoseconds since some fixed point.
inline std::int64_t clock_now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct StepTime {
  std::uint64_t calls = 0;
  std::int64_t nanoseconds = 0;
};

// Of one execution: several of one plan have a record each.
struct PlanRecord {
  std::shared_ptr<const plan::Plan> plan;
  std::vector<StepTime> steps;
  StepTime copies;
  StepTime runs;
};

// A shard of a step on a thread.
struct Span {
  const PlanRecord* record;
  std::int32_t step;
  std::int64_t begin, end;  // clock_now()
};

// The spans of one thread.
struct Lane {
  std::unique_ptr<Span[]> spans;
  std::size_t count = 0;
  std::size_t capacity = 0;
  std::uint64_t dropped = 0;

  explicit Lane(std::size_t most) : spans(new Span[most]), capacity(most) {}
  void add(const Span& span) noexcept {
    if (count < capacity) {
      spans[count++] = span;
    } else {
      ++dropped;
    }
  }
};

struct Recorder {
  std::size_t most_spans = 0;
  std::int64_t begin = 0;
  std::vector<std::unique_ptr<PlanRecord>> records;
  std::vector<std::unique_ptr<Lane>> workers;  // by thread_index(), from 1 on
  std::vector<std::unique_ptr<Lane>> callers;  // threads that run plans
  int runs_in_progress = 0;
};

// Makes `recorder` the one that collects; false where there is one.
bool begin_profile(Recorder& recorder);
// Returns when no run writes into `recorder` any more; it may have ended before.
void end_profile(Recorder& recorder);

// What an execution remembers from run to run.
struct ProfileSlot {
  std::uint64_t session = 0;
  PlanRecord* record = nullptr;
};

// One run of a plan, while it runs. Empty where nobody collects.
class ProfiledRun {
 public:
  ProfiledRun() = default;
  ProfiledRun(const std::shared_ptr<const plan::Plan>& plan, ProfileSlot& slot) {
    if (is_on_.load(std::memory_order_relaxed)) enter(plan, slot);
  }
  ~ProfiledRun() {
    if (recorder_ != nullptr) leave();
  }
  ProfiledRun(const ProfiledRun&) = delete;
  ProfiledRun& operator=(const ProfiledRun&) = delete;

  explicit operator bool() const { return recorder_ != nullptr; }
  PlanRecord& record() const { return *record_; }
  // A shard of step `step` on the calling thread, which began at `begin` and ends now.
  void add_span(std::size_t step, std::int64_t begin) const noexcept;

 private:
  friend bool begin_profile(Recorder&);
  friend void end_profile(Recorder&);
  void enter(const std::shared_ptr<const plan::Plan>& plan, ProfileSlot& slot);
  void leave() noexcept;

  static std::atomic<bool> is_on_;
  Recorder* recorder_ = nullptr;
  PlanRecord* record_ = nullptr;
  Lane* lane_ = nullptr;
  std::int64_t begin_ = 0;
};

// Adds the time of its life to `time`; nothing where `run` is empty.
class StepClock {
 public:
  StepClock(const ProfiledRun& run, StepTime PlanRecord::*time)
      : time_(run ? &(run.record().*time) : nullptr), begin_(time_ != nullptr ? clock_now() : 0) {}
  StepClock(const ProfiledRun& run, std::size_t step)
      : time_(run ? &run.record().steps[step] : nullptr), begin_(time_ != nullptr ? clock_now() : 0) {}
  ~StepClock() {
    if (time_ == nullptr) return;
    ++time_->calls;
    time_->nanoseconds += clock_now() - begin_;
  }
  StepClock(const StepClock&) = delete;
  StepClock& operator=(const StepClock&) = delete;

 private:
  StepTime* time_;
  std::int64_t begin_;
};

}  // namespace retrograd::runtime
