// The trace in progress on this thread: the updates it recorded, the values it named and its count of random
// ops.
#pragma once

#include <retrograd/trace.h>
#include <retrograd/variable.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace retrograd {

struct Update {
  std::shared_ptr<VariableState> variable;
  Array value;
};

struct TraceState {
  std::vector<Update> updates;  // in the order of the first set_next of each variable
  std::vector<Array> checks;    // results of ops that check values: made even where nobody uses them
  std::vector<Tap> taps;        // the named values, as arrays of the graph
  std::int64_t random_ops = 0;  // ordinal of the next random op

  const Update* find(const VariableState* variable) const;
};

// The trace in progress on this thread, or null.
TraceState* current_trace();

// Makes `trace` the current one for its lifetime.
class TraceScope {
 public:
  TraceScope(TraceState& trace, Mode mode);
  ~TraceScope();
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;

 private:
  TraceState* before_;
  ModeScope mode_;
};

// What one CheckpointScope stands for (<retrograd/checkpoint.h>).
struct Segment {
  std::shared_ptr<const Segment> outer;  // null: it lies in none
};

// The segment that nodes made on this thread belong to; null outside any.
const std::shared_ptr<const Segment>& current_segment();

// A number for a recomputation, never given before (Node::region).
std::uint64_t new_region();

// The name scope in force on this thread; null outside any.
const std::shared_ptr<const std::string>& current_scope();

// Makes `scope`, where it is one, the scope in force for its lifetime: that of the node whose gradient is
// built.
class SameScope {
 public:
  explicit SameScope(const std::shared_ptr<const std::string>& scope);
  ~SameScope();
  SameScope(const SameScope&) = delete;
  SameScope& operator=(const SameScope&) = delete;

 private:
  std::shared_ptr<const std::string> before_;
};

}  // namespace retrograd
