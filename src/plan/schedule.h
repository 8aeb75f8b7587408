// The order of the steps, and which updates are written straight into their variables.
#pragma once

#include <vector>

#include "plan/graph.h"
#include "plan/kernel_choice.h"

namespace retrograd::plan {

struct Schedule {
  std::vector<int> order;                         // positions in Graph::steps
  std::vector<const kernels::KernelDef*> kernel;  // of each step of the graph
  std::vector<kernels::Call> call;                // of each step of the graph
  std::vector<int> writes_variable;  // of each value: the variable that it is written into, or -1
};

// Reads of a variable come before its write, checks before all writes, and a write as soon as it can be. An
// update whose write cannot be ordered so (a swap of two variables) is left to a copy at the end. With
// `plain`, steps keep their order and all updates are copies. Throws Error(internal) where a step has no
// kernel.
Schedule make_schedule(const Graph& graph, bool plain);

}  // namespace retrograd::plan
