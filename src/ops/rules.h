// What the definitions of ops share: shape rules and the calls of binary functions.
// Not here: a rule that one op alone uses stands with the op.
#pragma once

#include <retrograd/op.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace retrograd::ops {

// Shape rules. A number is f32, f64, i32 or i64.

std::vector<TensorType> unary_floating(const ShapeArgs& args);
std::vector<TensorType> unary_number(const ShapeArgs& args);
// Two inputs of one type, which is the output's.
std::vector<TensorType> binary_floating(const ShapeArgs& args);
std::vector<TensorType> binary_number(const ShapeArgs& args);
// Two inputs of one number type -> bool.
std::vector<TensorType> comparison(const ShapeArgs& args);
// Bools of one shape -> bool.
std::vector<TensorType> logical(const ShapeArgs& args, std::size_t inputs);
// One floating input and attributes::Axis.
std::vector<TensorType> floating_with_axis(const ShapeArgs& args);

// Operations: one, or five (softmax and its logarithm: largest, difference, exponential, sum, quotient), for
// each element of the first input.
double one_an_element(const ShapeArgs& args);
double five_an_element(const ShapeArgs& args);

// Pieces of shape rules; each throws an Error that names the op.

void expect_inputs(const ShapeArgs& args, std::size_t count);
void expect_floating(const ShapeArgs& args, std::size_t input);
void expect_number(const ShapeArgs& args, std::size_t input);
// i32 or i64.
void expect_index(const ShapeArgs& args, std::size_t input);
// Inputs `first` and `second` have one type.
void expect_same_type(const ShapeArgs& args, std::size_t first, std::size_t second);
// Rank 0, of the dtype.
void expect_scalar(const ShapeArgs& args, std::size_t input, DType dtype);
// Attributes count axes from the front: 0 <= axis < rank.
void expect_axis(const ShapeArgs& args, std::int64_t axis, int rank);

// Error(argument) naming `op` where x is empty; gives x back.
const Array& given(const Array& x, std::string_view op);

// A constant of rank 0, for `op` in messages.
Array constant(double value, DType dtype, std::string_view op);

// Calls an op of two inputs of one type on arrays that broadcast, by broadcast_to.
Array binary(const OpDef& op, const Array& a, const Array& b);
Array binary(const OpDef& op, const Array& a, double b);
Array binary(const OpDef& op, double a, const Array& b);

// Pieces of the rules of dynamic slices: the starts are of rank 1, one for each axis; a block of `extents`
// fits.
void expect_starts(const ShapeArgs& args, std::size_t input, int rank);
void expect_block(const ShapeArgs& args, const Shape& extents, const Shape& whole);

// Shapes of reductions.

// The rule of a reduction by attributes::Reduce over one element or more; `what` it takes of them.
std::vector<TensorType> reduction_of_some(const ShapeArgs& args, const char* what);

// `shape` without the axes (ascending, from the front), or with extent 1 there.
Shape reduced(const Shape& shape, const std::vector<std::int64_t>& axes, bool keep);
// The value y of a reduction of something of shape `shape`, repeated along the reduced axes.
Array spread(const Array& y, const Shape& shape, const std::vector<std::int64_t>& axes);

}  // namespace retrograd::ops
