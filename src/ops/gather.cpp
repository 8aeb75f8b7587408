// gather: everything about the op except its kernels. Not here: take, which takes whole rows.
#include <retrograd/ops.h>

#include "core/attributes/axis.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_number(args, 0);
  expect_index(args, 1);
  const Shape& x = args.inputs[0].shape;
  const Shape& indices = args.inputs[1].shape;
  const std::int64_t axis = args.attributes.as<attributes::Axis>().axis;
  expect_axis(args, axis, x.rank());
  bool fits = indices.rank() == x.rank();
  for (int a = 0; fits && a < x.rank(); ++a) fits = a == axis || indices[a] == x[a];
  if (!fits) {
    fail(ErrorKind::shape,
         "gather: indices {} for {} along axis {}; expected equal extents along the other axes",
         indices.to_string(), x.to_string(), axis);
  }
  return {{args.inputs[0].dtype, indices}};
}

// dx: dy added at the places that it was read from
std::vector<Array> vjp(const VjpArgs& v) {
  const int axis = static_cast<int>(v.attributes.as<attributes::Axis>().axis);
  return {scatter_add_along(v.dy(), v.x(1), v.x(0).shape()[axis], axis), {}};
}

}  // namespace

extern constinit const OpDef gather_op{
    .name = "gather",
    .summary = "Elements along one axis, by an index for each place of the result.",
    .equation = "y[..., i, ...] = x[..., index[..., i, ...], ...]",
    .latex = R"(y_{\dots i \dots} = x_{\dots \text{index}_{\dots i \dots} \dots})",
    .source = "NumPy take_along_axis",
    .shape = shape,
    .vjp = vjp,
    .traits = {.check = true},
    .convention = "An index outside [0, extent) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 4}, {3, 2}},
                                      .attributes = attributes::Axis{1},
                                      .low = 0,
                                      .high = 4,
                                      .dtypes = {DType::f64, DType::i32}},
                                     {.shapes = {{3, 2, 2}, {5, 2, 2}},
                                      .attributes = attributes::Axis{0},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::i64}}};
        },
};

}  // namespace ops

Array gather(const Array& x, const Array& indices, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "gather").rank(), "gather");
  return apply1(ops::gather_op, {x, indices}, attributes::Axis{normalised});
}

}  // namespace retrograd
