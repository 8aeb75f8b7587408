// The rewrites between trace and schedule, one file each. Each keeps the values of outputs and updates and
// knows no op by name; src/plan/build.cpp says in which order they run.
#pragma once

#include "plan/graph.h"
#include "plan/kernel_choice.h"

namespace retrograd::plan {

// Two steps of one op with equal attributes and inputs become one.
void merge_common_subexpressions(Graph& graph);

// Drops steps whose outputs nobody uses, and slots of variables and data that nobody reads.
void drop_dead_code(Graph& graph);

// Ops that only look at their input differently (reshape, transpose, broadcast_to) become layouts, no steps.
void turn_into_views(Graph& graph);

// Ops on images run with the channels last where fast kernels do, and element-wise steps follow; steps
// "reorder" stand where images come in and go out.
void keep_channels_last(Graph& graph);

// Products of bf16 numbers: casts round the operands of steps with the trait low_precision, which then run on
// kernels that take bf16, or in f32 on the rounded numbers.
void lower_precision(Graph& graph, Backends backends);

// Moves bias, activation, a residual or an update into the step that makes their input, where a fast kernel
// can do it.
void fuse_epilogues(Graph& graph);

// Element-wise steps over one shape that feed one another become one step that walks tiles through all of
// them.
void fuse_chains(Graph& graph);

// A reduction of an element-wise step's result over leading, trailing or all axes is made with it.
void fuse_reductions(Graph& graph);

}  // namespace retrograd::plan
