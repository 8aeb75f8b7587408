// dynamic_slice: everything about the op except its kernels.
#include "core/attributes/dynamic_slice.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// x [...], starts [rank] -> y [extents]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_index(args, 1);
  const TensorType& x = args.inputs[0];
  const Shape& extents = args.attributes.as<attributes::DynamicSlice>().extents;
  expect_starts(args, 1, x.shape.rank());
  expect_block(args, extents, x.shape);
  return {{x.dtype, extents}};
}

// dx = dy at its place, 0 around
std::vector<Array> vjp(const VjpArgs& v) {
  return {dynamic_update_slice(zeros_like(v.x(0)), v.dy(), v.x(1)), {}};
}

}  // namespace

extern constinit const OpDef dynamic_slice_op{
    .name = "dynamic_slice",
    .summary = "A block of an array, from starts that are known when the plan runs.",
    .equation = "y[i, ...] = x[start + i, ...]",
    .latex = R"(y_i = x_{s + i})",
    .source = "XLA operation semantics, DynamicSlice",
    .shape = shape,
    .vjp = vjp,
    .convention = "A start is moved so that the block lies within x.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{4, 5}, {2}},
                                      .attributes = attributes::DynamicSlice{{2, 3}},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::i32}},
                                     {.shapes = {{7}, {1}},
                                      .attributes = attributes::DynamicSlice{{4}},
                                      .low = -4,
                                      .high = 9,
                                      .dtypes = {DType::f64, DType::i64}}};
        },
};

}  // namespace ops

Array dynamic_slice(const Array& x, const Array& starts, const Shape& extents) {
  return apply1(ops::dynamic_slice_op, {x, starts}, attributes::DynamicSlice{extents});
}

}  // namespace retrograd
