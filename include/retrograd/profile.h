// Profile: where the time of plans goes, by module and by kernel, and as a Chrome trace.
//
//   retrograd::Profile profile;             // collects from here on
//   for (...) step(x, t);
//   profile.stop();
//   text = profile.table();                 // for people
//   file << profile.chrome_trace();         // for chrome://tracing or ui.perfetto.dev
//
// Without a profile a run of a plan looks once whether there is one. With it, each step of a plan costs two
// readings of the clock, and two more for each of its shards; nothing is allocated but at the first run of a
// plan. Not here: what a plan's steps are (CompiledFunction::describe).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace retrograd {

struct ProfileRow {
  std::string name;
  std::uint64_t calls = 0;  // of steps
  double seconds = 0;       // on the thread that runs the plan, waiting for others included
  double flops = 0;         // floating-point operations of all calls, by the rules of the ops
  double bytes = 0;         // operands read and written by all calls, each element once a step
};

struct ProfileOptions {
  // Spans kept for the trace on each thread; later ones are counted, not kept. 32 bytes each.
  std::size_t spans = std::size_t{1} << 16;
};

class Profile {
 public:
  // Begins to collect from all plans of the process. Throws Error(argument) where another profile collects.
  explicit Profile(const ProfileOptions& options = {});
  // Stops.
  ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  // Waits for the runs in progress and ends the collection. What follows below may be called then, and stops
  // first where it must.
  void stop();

  // Runs of plans, and the time from their beginnings to their ends, in seconds.
  std::uint64_t runs();
  double seconds();

  // The most expensive first. A layer is the name scope of the module that made a step, forward and
  // backward, "" for steps outside any; a kernel is its ops with its backend, "matmul + add + relu (onednn)".
  std::vector<ProfileRow> by_layer();
  std::vector<ProfileRow> by_kernel();

  // Both as text, with calls, microseconds, share of the time in plans, GFLOP/s and GB/s; the last line tells
  // the time between steps.
  std::string table();

  // A JSON document in the Trace Event Format: one lane a thread, one span for each shard of a step.
  std::string chrome_trace();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace retrograd
