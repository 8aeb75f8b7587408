// The verifier between passes.
#pragma once

#include "plan/graph.h"

namespace retrograd::plan {

// Every value is made once and before its use, every step's outputs have the types that its op's shape rule
// gives, every view stays inside its base. Throws Error(internal) naming `after`, the pass that broke the
// law.
void verify(const Graph& graph, const char* after);

}  // namespace retrograd::plan
