// Plan: a schedule of kernel calls with every value's place in memory. Immutable; several threads may run
// one. Running it is the business of runtime/execution.h.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "array/trace_state.h"
#include "array/variable_state.h"
#include "kernels/kernel.h"

namespace retrograd::plan {

enum class Place {
  none,      // an output that nobody uses
  arena,     // at `offset` bytes
  constant,  // at `offset` bytes of what is made once
  input,     // in argument `index`
  variable,  // in the buffer of variable `index`
  data,      // in data buffer `index`
  result,    // in the buffer of result `index`
};

struct Location {
  Place place = Place::none;
  int index = 0;
  std::size_t offset = 0;  // bytes
};

struct PlannedStep {
  const OpDef* op = nullptr;
  kernels::Call call = {};
  const kernels::KernelDef* kernel = nullptr;
  kernels::Choice choice = {};
  std::vector<Location> inputs = {};
  std::vector<Location> outputs = {};
  std::size_t workspace = 0;  // offset in the arena
  std::shared_ptr<const std::string> scope = nullptr;
};

// A copy after the last step: a result or an update that could not be made in its place.
struct Copy {
  kernels::View from;  // strided
  Location source;
  Location target;  // row-major
};

struct PlanOptions {
  // The debugger's mode: no passes, reference kernels, every value its own memory, poisoned before each run,
  // and a check for non-finite values after every step.
  bool plain = false;
  // False: no epilogues, no chains.
  bool fuse = true;
  // Products of bf16 numbers, plain plans too.
  bool low_precision = false;
};

struct Plan {
  PlanOptions options;
  std::vector<TensorType> inputs;
  std::vector<TensorType> results;
  std::vector<std::shared_ptr<VariableState>> variables;
  std::vector<bool> is_updated;  // of each variable
  std::vector<BufferPtr> data;
  std::vector<PlannedStep> once;   // of constants alone: run before the first call
  std::vector<PlannedStep> steps;  // run each time
  std::vector<Copy> copies;
  std::size_t constant_bytes = 0;
  std::size_t arena_bytes = 0;
  std::size_t live_bytes = 0;     // the most that is alive at any step: the lower bound of arena_bytes
  std::size_t scratch_bytes = 0;  // for each thread
};

// Traces, verifies, rewrites, chooses kernels, schedules and lays out memory. `checks`: see make_graph.
std::shared_ptr<const Plan> make_plan(std::span<const Array> inputs, std::span<const Array> outputs,
                                      std::span<const Update> updates, const PlanOptions& options,
                                      std::span<const Array> checks = {});

// Its ops: "matmul + add + relu", or, of a chain, "subtract, multiply".
std::string ops_of(const PlannedStep& step);

// A step's name for people: "linear_1: matmul + add + relu f32[32, 64]".
std::string to_string(const PlannedStep& step);

}  // namespace retrograd::plan
