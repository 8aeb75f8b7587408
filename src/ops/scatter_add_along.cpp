// scatter_add_along: everything about the op except its kernels.
#include "core/attributes/scatter_add_along.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_number(args, 0);
  expect_index(args, 1);
  const auto& scatter = args.attributes.as<attributes::ScatterAddAlong>();
  Shape result = args.inputs[0].shape;
  if (args.inputs[1].shape != result) {
    fail(ErrorKind::shape, "scatter_add_along: updates {} for indices {}; expected one shape",
         result.to_string(), args.inputs[1].shape.to_string());
  }
  expect_axis(args, scatter.axis, result.rank());
  if (scatter.extent < 0) {
    fail(ErrorKind::argument, "scatter_add_along: extent {}; expected 0 or more", scatter.extent);
  }
  result[static_cast<int>(scatter.axis)] = scatter.extent;
  return {{args.inputs[0].dtype, result}};
}

std::vector<Array> vjp(const VjpArgs& v) {
  const int axis = static_cast<int>(v.attributes.as<attributes::ScatterAddAlong>().axis);
  return {gather(v.dy(), v.x(1), axis), {}};
}

}  // namespace

extern constinit const OpDef scatter_add_along_op{
    .name = "scatter_add_along",
    .summary = "Adds elements into an array of zeros along one axis, by an index for each.",
    .equation = "y[..., r, ...] = sum over i with index[..., i, ...] = r of x[..., i, ...]",
    .latex = R"(y_{\dots r \dots} = \sum_{i : \text{index}_{\dots i \dots} = r} x_{\dots i \dots})",
    .source = "The transpose of gather",
    .shape = shape,
    .vjp = vjp,
    .traits = {.check = true},
    .convention =
        "Elements are added in the order of i. An index outside [0, extent) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}, {3, 5}},
                                      .attributes = attributes::ScatterAddAlong{1, 4},
                                      .low = 0,
                                      .high = 4,
                                      .dtypes = {DType::f64, DType::i32}},
                                     {.shapes = {{4, 2, 2}, {4, 2, 2}},
                                      .attributes = attributes::ScatterAddAlong{0, 3},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::i64}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array scatter_add_along(const Array& updates, const Array& indices, std::int64_t extent, int axis) {
  const int normalised =
      normalise_axis(axis, ops::given(updates, "scatter_add_along").rank(), "scatter_add_along");
  return apply1(ops::scatter_add_along_op, {updates, indices},
                attributes::ScatterAddAlong{normalised, extent});
}

}  // namespace retrograd
