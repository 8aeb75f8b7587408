// What an op takes, found by asking: its shape rule for the dtypes, the table of kernels for the backends.
#pragma once

#include <retrograd/op.h>

#include <string>
#include <vector>

namespace docs {

// The dtypes of the table's columns, in order.
inline constexpr retrograd::DType columns[] = {
    retrograd::DType::f64, retrograd::DType::f32, retrograd::DType::bf16,   retrograd::DType::i64,
    retrograd::DType::i32, retrograd::DType::u8,  retrograd::DType::boolean};

// "r": a reference kernel; "f": a fast one too, for some calls at least; "d": the op's definition in simpler
// ops; "v": a view, no kernel runs; "": an Error(dtype).
std::string support(const retrograd::OpDef& op, retrograd::DType dtype);

// The kernels of an op that state one bound ("highway, reference"), and the bound in words. Empty for a
// composite without a kernel of its own.
struct StatedError {
  std::string kernels, bound;
};
std::vector<StatedError> stated_errors(const retrograd::OpDef& op);

}  // namespace docs
