// The table of all ops, written by the build from the definitions in src/ops/*.cpp.
// Not here: the type of an entry (retrograd/op.h) and the calls that make nodes (retrograd/ops.h).
#pragma once

#include <retrograd/op.h>

#include <span>

namespace retrograd::ops {

// Every op of the library, in the order of the files that define them.
std::span<const OpDef* const> op_table();

}  // namespace retrograd::ops
