// The reverse sweep that gradients, vjp and jvp are made of.
#pragma once

#include <retrograd/array.h>

#include <span>
#include <vector>

namespace retrograd::autodiff {

// Pulls cotangents of `outputs` (empty ones are zero) back to `targets`. The answer is empty for a target
// that none of the outputs depends on. With `stop_at_targets` the sweep does not go beneath a target, so that
// targets which depend on one another get partial instead of total derivatives.
std::vector<Array> pull_back(std::span<const Array> outputs, std::span<const Array> cotangents,
                             std::span<const Array> targets, bool stop_at_targets);

}  // namespace retrograd::autodiff
