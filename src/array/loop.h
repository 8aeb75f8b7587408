// Loop: what a node runs once for each element of sequences: a function of arrays, traced once. Not here: how
// a body is closed and differentiated (autodiff/loop.h), how it runs (plan/loop_plan.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "array/node.h"

namespace retrograd {

// The node's inputs are those of the body, a sequence [T, ...] in the place of an element [...]; its outputs
// are the carries after the last step, and the body's other outputs one behind the other, [T, ...].
struct Loop {
  std::vector<Array> inputs;   // placeholders: carries, elements of sequences, what is the same in each step
  std::vector<Array> outputs;  // the next carries, then elements of outputs
  std::vector<Array> checks;   // results of checks, made even where nobody uses them
  std::size_t carries = 0;
  std::size_t sequences = 0;
  std::int64_t length = 1;  // T
  bool reverse = false;     // from the last element to the first
  bool again = false;       // a gradient keeps the carries alone and computes the inside of each step again
  // Inputs that are counters of random ops. In step t of the loop these see the counter's step moved by a
  // multiple of 2^32; `draws` multiples are in use.
  std::vector<std::size_t> counters;
  std::int64_t draws = 0;
};

}  // namespace retrograd
