// scatter_add: everything about the op except its kernels. Its transpose is take.
#include "core/attributes/scatter_add.h"

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
  const std::int64_t rows = args.attributes.as<attributes::ScatterAdd>().rows;
  if (rows < 0) fail(ErrorKind::argument, "scatter_add: {} rows; expected 0 or more", rows);
  const Shape& updates = args.inputs[0].shape;
  const Shape& indices = args.inputs[1].shape;
  bool fits = indices.rank() <= updates.rank();
  for (int axis = 0; fits && axis < indices.rank(); ++axis) fits = indices[axis] == updates[axis];
  if (!fits) {
    fail(ErrorKind::shape,
         "scatter_add: updates {} for indices {}; expected updates that begin with the axes of the indices",
         updates.to_string(), indices.to_string());
  }
  Shape result{rows};
  for (int axis = indices.rank(); axis < updates.rank(); ++axis) result.push_back(updates[axis]);
  return {{args.inputs[0].dtype, result}};
}

// y[r] = sum of x[i] over the i with index[i] = r:  dx[i] = dy[index[i]]
std::vector<Array> vjp(const VjpArgs& v) { return {take(v.dy(), v.x(1)), {}}; }

}  // namespace

extern constinit const OpDef scatter_add_op{
    .name = "scatter_add",
    .summary = "Adds rows into an array of zeros, at their indices.",
    .equation = "y[r, ...] = sum over i with index[i] = r of x[i, ...]",
    .latex = R"(y_r = \sum_{i : \text{index}_i = r} x_i)",
    .source = "The transpose of take",
    .shape = shape,
    .vjp = vjp,
    .traits = {.check = true},
    .convention =
        "Rows are added in the order of i. An index outside [0, rows) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{6, 3}, {6}},
                                      .attributes = attributes::ScatterAdd{4},
                                      .low = 0,
                                      .high = 4,
                                      .dtypes = {DType::f64, DType::i32}},
                                     {.shapes = {{2, 2}, {2, 2}},
                                      .attributes = attributes::ScatterAdd{3},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::i64}}};
        },
};

}  // namespace ops

Array scatter_add(const Array& updates, const Array& indices, std::int64_t rows) {
  return apply1(ops::scatter_add_op, {updates, indices}, attributes::ScatterAdd{rows});
}

}  // namespace retrograd
