// Which kernel runs a step. The kernels themselves are behind kernels/kernel_table.h.
#pragma once

#include "kernels/kernel.h"
#include "plan/graph.h"

namespace retrograd::plan {

enum class Backends {
  all,
  reference,  // plain loops only: the debugger's mode
};

// The call that `step` makes, with the layouts that its values have now.
kernels::Call make_call(const Graph& graph, const Step& step);

// The same call on images with the channels last, row-major, by the trait `channels_last` of the step's op.
// Only where there is such a form: the op has the trait, and the step's images have the channels second.
bool has_channels_last_form(const Step& step);
kernels::Call make_call_channels_last(const Graph& graph, const Step& step);

// The first kernel of the table that can do it; null where there is none.
const kernels::KernelDef* find_kernel(const kernels::Call& call, Backends backends);

// "reference" kernels are the meaning, all others are there for speed.
bool is_fast(const kernels::KernelDef* kernel);

}  // namespace retrograd::plan
