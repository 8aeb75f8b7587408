// A loop's body as a plan of its own, and what a run of the loop gives it at each step. Not here: the run
// (runtime/loop_run.h).
#pragma once

#include <memory>
#include <vector>

#include "array/loop.h"
#include "kernels/kernel.h"
#include "plan/graph.h"
#include "plan/plan.h"

namespace retrograd::plan {

struct LoopPlan {
  std::shared_ptr<const Plan> body;  // its inputs are those of the loop
  std::size_t carries = 0;           // of the loop: the first inputs and outputs
  std::size_t sequences = 0;
  std::vector<std::size_t> results;  // of the body: which output of the loop each one is; carries first
  std::int64_t length = 1;
  bool reverse = false;
};

// The attributes of a loop's call.
struct PlannedLoop {
  std::shared_ptr<const LoopPlan> plan;
  template <class F>
  void fields(F& f) const {
    f("length", plan->length);
    f("reverse", plan->reverse);
  }
};

// Plans the bodies of the graph's loops. What nobody uses is left out: outputs, and carries that lead to
// nothing else. `options` are those of the plan around.
void plan_loops(Graph& graph, const PlanOptions& options);

// Where a run of the loop keeps things between steps, in the call's workspace; offsets in bytes.
struct LoopWorkspace {
  struct Carry {
    std::size_t first = 0, second = 0;  // the next carry is written beside the present one
  };
  explicit LoopWorkspace(const kernels::Call& call);
  std::vector<Carry> carries;
  std::vector<std::size_t> copies;  // of inputs that are not in row-major order; of others unused
  std::size_t bytes = 0;
};

// Stands in a planned step for what the runtime does: it has a choice, but cannot be bound.
extern const kernels::KernelDef loop_kernel;

}  // namespace retrograd::plan
