// What max, min, argmax and argmin share. Not here: maximum and minimum, which compare two arrays.
#pragma once

#include <retrograd/op.h>

#include <vector>

namespace retrograd::ops {

// The vjp of a reduction by attributes::Reduce to the largest or the smallest element:
// y = max x:  dx = dy / t where x = y, else 0, with t the number of elements that tie
std::vector<Array> extreme_vjp(const VjpArgs& v);

// The rule of a position along one axis, by attributes::Argmax: number -> i32; `what` is looked for, as "a
// maximum".
std::vector<TensorType> position_of_extreme(const ShapeArgs& args, const char* what);

}  // namespace retrograd::ops
