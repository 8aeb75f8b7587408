// dynamic_update_slice: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// x [...], update [...], starts [rank] -> y as x
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 3);
  expect_index(args, 2);
  const TensorType& x = args.inputs[0];
  if (args.inputs[1].dtype != x.dtype) {
    fail(ErrorKind::dtype, "dynamic_update_slice: {} into {}; expected one dtype: convert one with cast()",
         args.inputs[1].to_string(), x.to_string());
  }
  expect_starts(args, 2, x.shape.rank());
  expect_block(args, args.inputs[1].shape, x.shape);
  return {x};
}

// dx = dy with 0 in the block, du = the block of dy
std::vector<Array> vjp(const VjpArgs& v) {
  return {dynamic_update_slice(v.dy(), zeros_like(v.x(1)), v.x(2)),
          dynamic_slice(v.dy(), v.x(2), v.x(1).shape()),
          {}};
}

}  // namespace

extern constinit const OpDef dynamic_update_slice_op{
    .name = "dynamic_update_slice",
    .summary = "An array with a block replaced, at starts that are known when the plan runs.",
    .equation = "y = x, with y[start + i, ...] = u[i, ...]",
    .latex = R"(y_{s + i} = u_i, \quad y_j = x_j \text{ elsewhere})",
    .source = "XLA operation semantics, DynamicUpdateSlice",
    .shape = shape,
    .vjp = vjp,
    .convention = "A start is moved so that the block lies within x.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{4, 5}, {2, 3}, {2}},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::f64, DType::i32}},
                                     {.shapes = {{7}, {4}, {1}},
                                      .low = -4,
                                      .high = 9,
                                      .dtypes = {DType::f64, DType::f64, DType::i64}}};
        },
};

}  // namespace ops

Array dynamic_update_slice(const Array& x, const Array& update, const Array& starts) {
  return apply1(ops::dynamic_update_slice_op, {x, update, starts});
}

}  // namespace retrograd
