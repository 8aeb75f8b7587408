// concatenate: everything about the op except its kernels; and stack, which is made of it.
#include <retrograd/ops.h>

#include "core/attributes/axis.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  if (args.inputs.empty()) fail(ErrorKind::argument, "concatenate: got no arrays; expected one or more");
  const std::int64_t axis = args.attributes.as<attributes::Axis>().axis;
  TensorType result = args.inputs[0];
  expect_axis(args, axis, result.shape.rank());
  std::int64_t extent = 0;
  for (const TensorType& x : args.inputs) {
    bool fits = x.dtype == result.dtype && x.shape.rank() == result.shape.rank();
    for (int a = 0; fits && a < x.shape.rank(); ++a) fits = a == axis || x.shape[a] == result.shape[a];
    if (!fits) {
      fail(x.dtype == result.dtype ? ErrorKind::shape : ErrorKind::dtype,
           "concatenate: {} and {} along axis {}; expected one dtype and equal extents along the other axes",
           args.inputs[0].to_string(), x.to_string(), axis);
    }
    extent += x.shape[static_cast<int>(axis)];
  }
  result.shape[static_cast<int>(axis)] = extent;
  return {result};
}

// The pieces of dy.
std::vector<Array> vjp(const VjpArgs& v) {
  const int axis = static_cast<int>(v.attributes.as<attributes::Axis>().axis);
  std::vector<Array> pieces;
  std::int64_t start = 0;
  for (const Array& x : v.inputs) {
    const std::int64_t stop = start + x.shape()[axis];
    pieces.push_back(slice_axis(v.dy(), axis, start, stop));
    start = stop;
  }
  return pieces;
}

}  // namespace

extern constinit const OpDef concatenate_op{
    .name = "concatenate",
    .summary = "Arrays one behind the other along one axis.",
    .equation = "y = x_0, x_1, ... along the axis",
    .latex = R"(y = (x_0, x_1, \dots))",
    .source = "Harris et al. 2020, Array programming with NumPy",
    .shape = shape,
    .vjp = vjp,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{2, 3}, {2, 1}, {2, 2}}, .attributes = attributes::Axis{1}},
                                     {.shapes = {{2, 3, 2}, {1, 3, 2}}, .attributes = attributes::Axis{0}},
                                     {.shapes = {{4}, {3}},
                                      .attributes = attributes::Axis{0},
                                      .low = -9,
                                      .high = 9,
                                      .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array concatenate(const std::vector<Array>& arrays, int axis) {
  for (const Array& x : arrays) ops::given(x, "concatenate");
  const int normalised = arrays.empty() ? 0 : normalise_axis(axis, arrays[0].rank(), "concatenate");
  return apply1(ops::concatenate_op, arrays, attributes::Axis{normalised});
}

Array stack(const std::vector<Array>& arrays, int axis) {
  std::vector<Array> expanded;
  for (const Array& x : arrays) {
    if (ops::given(x, "stack").type() != arrays[0].type()) {
      fail(x.dtype() == arrays[0].dtype() ? ErrorKind::shape : ErrorKind::dtype,
           "stack: {} and {}; expected one type", arrays[0].type().to_string(), x.type().to_string());
    }
    expanded.push_back(expand_dims(x, axis));
  }
  if (expanded.empty()) fail(ErrorKind::argument, "stack: got no arrays; expected one or more");
  return concatenate(expanded, axis);
}

}  // namespace retrograd
