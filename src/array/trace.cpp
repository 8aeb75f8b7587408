// The thread's trace, mode, name scope and segment under checkpoint.
#include <retrograd/checkpoint.h>
#include <retrograd/trace.h>

#include <atomic>

#include "array/trace_state.h"
#include "array/variable_state.h"

namespace retrograd {
namespace {

thread_local TraceState* trace = nullptr;
thread_local Mode current_mode = Mode::evaluation;
thread_local std::shared_ptr<const std::string> scope;
thread_local std::shared_ptr<const Segment> segment;
std::atomic<std::uint64_t> next_region{1};

}  // namespace

Mode mode() { return current_mode; }

ModeScope::ModeScope(Mode mode) : before_(current_mode) { current_mode = mode; }
ModeScope::~ModeScope() { current_mode = before_; }

NameScope::NameScope(std::string_view name) : before_(scope) {
  std::string path = before_ ? *before_ + "/" : std::string();
  path += name;
  scope = std::make_shared<const std::string>(std::move(path));
}
NameScope::~NameScope() { scope = std::move(before_); }

const std::shared_ptr<const Segment>& current_segment() { return segment; }

CheckpointScope::CheckpointScope() : before_(segment) {
  segment = std::make_shared<const Segment>(Segment{before_});
}
CheckpointScope::~CheckpointScope() { segment = std::move(before_); }

std::uint64_t new_region() { return next_region.fetch_add(1, std::memory_order_relaxed); }

const std::shared_ptr<const std::string>& current_scope() { return scope; }

SameScope::SameScope(const std::shared_ptr<const std::string>& of_node) : before_(scope) {
  if (of_node != nullptr) scope = of_node;
}
SameScope::~SameScope() { scope = std::move(before_); }

const Update* TraceState::find(const VariableState* variable) const {
  for (const Update& update : updates) {
    if (update.variable.get() == variable) return &update;
  }
  return nullptr;
}

TraceState* current_trace() { return trace; }

TraceScope::TraceScope(TraceState& state, Mode mode) : before_(trace), mode_(mode) { trace = &state; }
TraceScope::~TraceScope() { trace = before_; }

}  // namespace retrograd
