// where: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 3);
  if (args.inputs[0].dtype != DType::boolean) {
    fail(ErrorKind::dtype, "where: the condition is {}; expected bool, as greater() and equal() give",
         args.inputs[0].to_string());
  }
  expect_same_type(args, 1, 2);
  if (args.inputs[0].shape != args.inputs[1].shape) {
    fail(ErrorKind::shape, "where: the condition is {} and the choices {}; expected one shape",
         args.inputs[0].to_string(), args.inputs[1].to_string());
  }
  return {args.inputs[1]};
}

// y = c ? a : b:  da = c ? dy : 0, db = c ? 0 : dy
std::vector<Array> vjp(const VjpArgs& v) {
  return {{}, where(v.x(0), v.dy(), 0.0), where(v.x(0), 0.0, v.dy())};
}

}  // namespace

extern constinit const OpDef where_op{
    .name = "where",
    .summary = "Elements of one array where a condition holds, of another where it does not.",
    .equation = "y = a where c, else b",
    .latex = R"(y = \begin{cases} a & c \\ b & \text{otherwise} \end{cases})",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "It selects and never multiplies: a NaN that is not chosen does no harm.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}, {3, 5}}, .dtypes = {DType::boolean, DType::f64, DType::f64}},
              {.shapes = {{9}, {9}, {9}},
               .low = -9,
               .high = 9,
               .dtypes = {DType::boolean, DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array where(const Array& condition, const Array& a, const Array& b) {
  ops::given(condition, "where");
  ops::given(a, "where");
  ops::given(b, "where");
  const Shape shape = broadcast(condition.shape(), broadcast(a.shape(), b.shape(), "where"), "where");
  return apply1(ops::where_op,
                {broadcast_to(condition, shape), broadcast_to(a, shape), broadcast_to(b, shape)});
}
Array where(const Array& condition, const Array& a, double b) {
  return where(condition, a, ops::constant(b, ops::given(a, "where").dtype(), "where"));
}
Array where(const Array& condition, double a, const Array& b) {
  return where(condition, ops::constant(a, ops::given(b, "where").dtype(), "where"), b);
}

}  // namespace retrograd
