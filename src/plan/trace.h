// From Arrays to a Graph.
#pragma once

#include <span>
#include <vector>

#include "array/trace_state.h"
#include "plan/graph.h"
#include "plan/kernel_choice.h"

namespace retrograd::plan {

struct TraceOptions {
  Backends backends = Backends::all;
  // Keep a composite whole where a kernel can do it; else every composite becomes its definition in simpler
  // ops.
  bool keep_composites = true;
};

// The graph of `outputs`, of the pending `updates` and of `checks`, results that nobody may use but whose
// faults count, as functions of `inputs`. Throws Error(argument) where a placeholder that is not among the
// inputs is reached: a value inside a traced function was asked for.
Graph make_graph(std::span<const Array> inputs, std::span<const Array> outputs,
                 std::span<const Update> updates, const TraceOptions& options,
                 std::span<const Array> checks = {});

}  // namespace retrograd::plan
