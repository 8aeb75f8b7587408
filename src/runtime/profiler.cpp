// The recorder that collects, and how runs enter and leave it. A lock is taken twice a run while there is
// one.
#include "runtime/profiler.h"

#include <algorithm>
#include <condition_variable>

#include "core/thread_pool.h"

namespace retrograd::runtime {
namespace {

std::mutex mutex;
std::condition_variable run_ended;
Recorder* active = nullptr;
std::uint64_t session = 0;  // of the recorder that collects

// The lane of a thread that runs plans, and the session that it belongs to.
thread_local std::uint64_t lane_session = 0;
thread_local Lane* lane_of_thread = nullptr;

}  // namespace

std::atomic<bool> ProfiledRun::is_on_{false};

bool begin_profile(Recorder& recorder) {
  const int threads = core::thread_count();
  const std::lock_guard lock(mutex);
  if (active != nullptr) return false;
  for (int i = 1; i < threads; ++i) recorder.workers.push_back(std::make_unique<Lane>(recorder.most_spans));
  recorder.begin = clock_now();
  active = &recorder;
  ++session;
  ProfiledRun::is_on_.store(true, std::memory_order_relaxed);
  return true;
}

void end_profile(Recorder& recorder) {
  std::unique_lock lock(mutex);
  if (active == &recorder) {
    active = nullptr;
    ProfiledRun::is_on_.store(false, std::memory_order_relaxed);
  }
  run_ended.wait(lock, [&] { return recorder.runs_in_progress == 0; });
}

void ProfiledRun::enter(const std::shared_ptr<const plan::Plan>& plan, ProfileSlot& slot) {
  const std::lock_guard lock(mutex);
  if (active == nullptr) return;
  if (slot.session != session) {
    auto record = std::make_unique<PlanRecord>();
    record->plan = plan;
    record->steps.resize(plan->steps.size());
    active->records.push_back(std::move(record));
    slot = {session, active->records.back().get()};
  }
  if (lane_session != session) {
    active->callers.push_back(std::make_unique<Lane>(active->most_spans));
    lane_of_thread = active->callers.back().get();
    lane_session = session;
  }
  recorder_ = active;
  record_ = slot.record;
  lane_ = lane_of_thread;
  ++recorder_->runs_in_progress;
  begin_ = clock_now();
}

void ProfiledRun::leave() noexcept {
  ++record_->runs.calls;
  record_->runs.nanoseconds += clock_now() - begin_;
  const std::lock_guard lock(mutex);
  --recorder_->runs_in_progress;
  run_ended.notify_all();
}

void ProfiledRun::add_span(std::size_t step, std::int64_t begin) const noexcept {
  const auto thread = static_cast<std::size_t>(core::thread_index());
  if (thread > recorder_->workers.size()) return;  // the pool has grown meanwhile
  Lane& lane = thread == 0 ? *lane_ : *recorder_->workers[thread - 1];
  lane.add({record_, static_cast<std::int32_t>(step), begin, clock_now()});
}

}  // namespace retrograd::runtime
