// What the definitions of rnn, lstm, gru and of their backward ops share.
#pragma once

#include <retrograd/op.h>
#include <retrograd/recurrent.h>

#include <cstdint>
#include <vector>

#include "core/attributes/recurrent.h"

namespace retrograd::ops {

// One input of a recurrent op: its name in messages, its axes by letters N, T, H and the number of blocks of
// H in the last axis.
struct RecurrentInput {
  const char* name;
  const char* axes;  // "NTH", "NH", "HH", "H"
  std::int64_t blocks = 1;
};

// Checks the inputs, which `wanted` lists, lengths excepted, against the attributes. The first input that has
// N, T and H tells them. Gives Shape{N, T, H}.
Shape expect_recurrent(const ShapeArgs& args, const std::vector<RecurrentInput>& wanted);

// The unrolled network: x [N, T, M] at step t [N, M]; steps [T] of [N, M] together again.
Array step_of(const Array& x, std::int64_t t);
Array in_time(const std::vector<Array>& steps);
// The steps in the order in which they are computed; from the back for the gradient.
std::vector<std::int64_t> order_of_steps(std::int64_t T, bool reverse);

// bool [N, 1]: does step t lie within the sequence? Empty without lengths.
Array is_within(const ExpandArgs& e, std::int64_t t);
// `value` where the step lies within the sequence, else `otherwise`.
Array held(const Array& within, const Array& value, const Array& otherwise);
Array held(const Array& within, const Array& value, double otherwise);

// The states before each step: of [N, T, H], `first` [N, H] in front.
Array states_before(const Array& states, const Array& first, bool reverse);
// dw = h_before^T da: [N, T, H], [N, T, M] -> [H, M].
Array product_over_steps(const Array& before, const Array& da);

// attributes for the inputs given.
attributes::Recurrent recurrent_attributes(const RecurrentOptions& options);

}  // namespace retrograd::ops
