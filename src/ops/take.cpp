// take: everything about the op except its kernels. Its transpose is scatter_add.
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
  const TensorType& x = args.inputs[0];
  if (x.shape.rank() == 0)
    fail(ErrorKind::shape, "take: {} has no rows; expected rank 1 or more", x.to_string());
  Shape result = args.inputs[1].shape;
  for (int axis = 1; axis < x.shape.rank(); ++axis) result.push_back(x.shape[axis]);
  return {{x.dtype, result}};
}

// y[i] = x[index[i]]:  dx[r] = sum of dy[i] over the i with index[i] = r
std::vector<Array> vjp(const VjpArgs& v) { return {scatter_add(v.dy(), v.x(1), v.x(0).shape()[0]), {}}; }

}  // namespace

extern constinit const OpDef take_op{
    .name = "take",
    .summary = "Rows of an array, by their indices.",
    .equation = "y[i, ...] = x[index[i], ...]",
    .latex = R"(y_i = x_{\text{index}_i})",
    .source = "Bengio, Ducharme, Vincent, Jauvin 2003 (rows of an embedding)",
    .shape = shape,
    .vjp = vjp,
    .traits = {.check = true},
    .convention = "An index outside [0, rows) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{4, 3}, {6}}, .low = 0, .high = 4, .dtypes = {DType::f64, DType::i32}},
              {.shapes = {{3}, {2, 2}}, .low = 0, .high = 3, .dtypes = {DType::f64, DType::i64}},
              {.shapes = {{3, 2, 2}, Shape{}}, .low = 0, .high = 3, .dtypes = {DType::f64, DType::i32}}};
        },
};

}  // namespace ops

Array take(const Array& x, const Array& indices) { return apply1(ops::take_op, {x, indices}); }

// x [A..., R, B...] -> [R, A..., B...] -> [I..., A..., B...] -> [A..., I..., B...]
Array take(const Array& x, const Array& indices, int axis) {
  const int at = normalise_axis(axis, ops::given(x, "take").rank(), "take");
  if (at == 0) return take(x, indices);
  std::vector<int> to_front{at};
  for (int a = 0; a < x.rank(); ++a) {
    if (a != at) to_front.push_back(a);
  }
  const int count = ops::given(indices, "take").rank();
  const Array taken = take(transpose(x, to_front), indices);
  std::vector<int> back;
  for (int a = 0; a < at; ++a) back.push_back(count + a);
  for (int i = 0; i < count; ++i) back.push_back(i);
  for (int a = at; a < x.rank() - 1; ++a) back.push_back(count + a);
  return transpose(taken, back);
}

}  // namespace retrograd
