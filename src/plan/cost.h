// What a step costs whatever the machine: operations and bytes. What it costs here and now is measured by
// runtime/profiler.h.
#pragma once

#include "plan/plan.h"

namespace retrograd::plan {

struct Cost {
  double flops = 0;
  double bytes = 0;  // elements read and written, each once, in memory or cache
};

Cost cost_of(const PlannedStep& step);

// Does the step only move data that a layout could not say?
bool is_reorder(const PlannedStep& step);

}  // namespace retrograd::plan
