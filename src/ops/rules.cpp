// Shape rules and helpers that several ops share.
#include "ops/rules.h"

#include <retrograd/ops.h>

#include <algorithm>

#include "core/attributes/axis.h"
#include "core/attributes/reduce.h"
#include "core/fail.h"

namespace retrograd::ops {
namespace {

bool is_number(DType dtype) { return is_floating(dtype) || dtype == DType::i32 || dtype == DType::i64; }

[[noreturn]] void fail_dtypes(std::string_view op, DType a, DType b) {
  fail(ErrorKind::dtype, "{}: dtypes {} and {} differ; expected one dtype: convert one with cast()", op,
       name(a), name(b));
}

}  // namespace

void expect_inputs(const ShapeArgs& args, std::size_t count) {
  if (args.inputs.size() == count) return;
  fail(ErrorKind::argument, "{}: got {} inputs; expected {}", args.name(), args.inputs.size(), count);
}

void expect_floating(const ShapeArgs& args, std::size_t input) {
  if (is_floating(args.inputs[input].dtype)) return;
  fail(ErrorKind::dtype, "{}: input {} is {}; expected f32 or f64: convert it with cast()", args.name(),
       input, args.inputs[input].to_string());
}

void expect_number(const ShapeArgs& args, std::size_t input) {
  if (is_number(args.inputs[input].dtype)) return;
  fail(ErrorKind::dtype, "{}: input {} is {}; expected f32, f64, i32 or i64: convert it with cast()",
       args.name(), input, args.inputs[input].to_string());
}

void expect_index(const ShapeArgs& args, std::size_t input) {
  const DType dtype = args.inputs[input].dtype;
  if (dtype == DType::i32 || dtype == DType::i64) return;
  fail(ErrorKind::dtype, "{}: the indices are {}; expected i32 or i64: convert them with cast()", args.name(),
       args.inputs[input].to_string());
}

void expect_same_type(const ShapeArgs& args, std::size_t first, std::size_t second) {
  const TensorType& a = args.inputs[first];
  const TensorType& b = args.inputs[second];
  if (a.dtype != b.dtype) fail_dtypes(args.op.name, a.dtype, b.dtype);
  if (a.shape == b.shape) return;
  fail(ErrorKind::shape, "{}: inputs {} and {} are {} and {}; expected one shape", args.name(), first, second,
       a.to_string(), b.to_string());
}

void expect_scalar(const ShapeArgs& args, std::size_t input, DType dtype) {
  const TensorType expected{dtype, Shape{}};
  if (args.inputs[input] == expected) return;
  fail(args.inputs[input].dtype == dtype ? ErrorKind::shape : ErrorKind::dtype,
       "{}: input {} is {}; expected {}", args.name(), input, args.inputs[input].to_string(),
       expected.to_string());
}

void expect_axis(const ShapeArgs& args, std::int64_t axis, int rank) {
  if (axis >= 0 && axis < rank) return;
  fail(ErrorKind::shape, "{}: axis {} is out of range for rank {}; expected 0 <= axis < {}", args.name(),
       axis, rank, rank);
}

std::vector<TensorType> unary_floating(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_floating(args, 0);
  return {args.inputs[0]};
}

std::vector<TensorType> unary_number(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  return {args.inputs[0]};
}

std::vector<TensorType> binary_floating(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_same_type(args, 0, 1);
  expect_floating(args, 0);
  return {args.inputs[0]};
}

std::vector<TensorType> binary_number(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_same_type(args, 0, 1);
  expect_number(args, 0);
  return {args.inputs[0]};
}

std::vector<TensorType> comparison(const ShapeArgs& args) {
  return {{DType::boolean, binary_number(args)[0].shape}};
}

std::vector<TensorType> logical(const ShapeArgs& args, std::size_t inputs) {
  expect_inputs(args, inputs);
  for (std::size_t i = 0; i < inputs; ++i) {
    if (args.inputs[i].dtype != DType::boolean) {
      fail(ErrorKind::dtype, "{}: input {} is {}; expected bool, as comparisons give", args.name(), i,
           args.inputs[i].to_string());
    }
    expect_same_type(args, 0, i);
  }
  return {args.inputs[0]};
}

std::vector<TensorType> floating_with_axis(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_floating(args, 0);
  expect_axis(args, args.attributes.as<attributes::Axis>().axis, args.inputs[0].shape.rank());
  return {args.inputs[0]};
}

double one_an_element(const ShapeArgs& args) { return static_cast<double>(args.inputs[0].shape.size()); }
double five_an_element(const ShapeArgs& args) { return 5 * one_an_element(args); }

const Array& given(const Array& x, std::string_view op) {
  if (x.empty()) fail(ErrorKind::argument, "{}: an input is an empty array", op);
  return x;
}

Array binary(const OpDef& op, const Array& a, const Array& b) {
  given(a, op.name);
  given(b, op.name);
  if (a.dtype() != b.dtype()) fail_dtypes(op.name, a.dtype(), b.dtype());
  const Shape shape = broadcast(a.shape(), b.shape(), op.name.data());
  return apply1(op, {broadcast_to(a, shape), broadcast_to(b, shape)});
}

Array binary(const OpDef& op, const Array& a, double b) {
  return binary(op, a, constant(b, given(a, op.name).dtype(), op.name));
}

Array binary(const OpDef& op, double a, const Array& b) {
  return binary(op, constant(a, given(b, op.name).dtype(), op.name), b);
}

Shape reduced(const Shape& shape, const std::vector<std::int64_t>& axes, bool keep) {
  Shape result;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const bool is_reduced = std::find(axes.begin(), axes.end(), axis) != axes.end();
    if (!is_reduced) {
      result.push_back(shape[axis]);
    } else if (keep) {
      result.push_back(1);
    }
  }
  return result;
}

void expect_starts(const ShapeArgs& args, std::size_t input, int rank) {
  if (args.inputs[input].shape == Shape{rank}) return;
  fail(ErrorKind::shape, "{}: starts {} for rank {}; expected [{}], one for each axis", args.name(),
       args.inputs[input].to_string(), rank, rank);
}

void expect_block(const ShapeArgs& args, const Shape& extents, const Shape& whole) {
  bool fits = extents.rank() == whole.rank();
  for (int axis = 0; fits && axis < whole.rank(); ++axis) fits = extents[axis] <= whole[axis];
  if (fits) return;
  fail(ErrorKind::shape, "{}: a block {} of {}; expected as many axes and extents that are not larger",
       args.name(), extents.to_string(), whole.to_string());
}

std::vector<TensorType> reduction_of_some(const ShapeArgs& args, const char* what) {
  expect_inputs(args, 1);
  const auto& reduce = args.attributes.as<attributes::Reduce>();
  const TensorType& x = args.inputs[0];
  for (std::int64_t axis : reduce.axes) {
    expect_axis(args, axis, x.shape.rank());
    if (x.shape[static_cast<int>(axis)] == 0) {
      fail(ErrorKind::shape, "{}: {} has no elements along axis {}; {} needs at least one", args.name(),
           x.to_string(), axis, what);
    }
  }
  return {{x.dtype, reduced(x.shape, reduce.axes, reduce.keep)}};
}

Array spread(const Array& y, const Shape& shape, const std::vector<std::int64_t>& axes) {
  return broadcast_to(reshape(y, reduced(shape, axes, true)), shape);
}

}  // namespace retrograd::ops
