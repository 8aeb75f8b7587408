// one_hot: everything about the op except its kernels.
#include "core/attributes/one_hot.h"

#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_index(args, 0);
  const auto& one_hot = args.attributes.as<attributes::OneHot>();
  if (one_hot.classes < 1)
    fail(ErrorKind::argument, "one_hot: {} classes; expected at least 1", one_hot.classes);
  if (one_hot.dtype == DType::u8)
    fail(ErrorKind::dtype, "one_hot: dtype u8; expected f32, f64, i32, i64 or bool");
  Shape result = args.inputs[0].shape;
  result.push_back(one_hot.classes);
  return {{one_hot.dtype, result}};
}

}  // namespace

extern constinit const OpDef one_hot_op{
    .name = "one_hot",
    .summary = "A vector with 1 at an index and 0 elsewhere, for each index.",
    .equation = "y[i, k] = 1 where k = index[i], else 0",
    .latex = R"(y_{ik} = [k = \text{index}_i])",
    .source = "Elementary",
    .shape = shape,
    .vjp = Gradient::none(),
    .traits = {.check = true},
    .convention = "An index outside [0, classes) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{6}},
                                      .attributes = attributes::OneHot{4, DType::f32},
                                      .low = 0,
                                      .high = 4,
                                      .dtypes = {DType::i32}},
                                     {.shapes = {{2, 3}},
                                      .attributes = attributes::OneHot{3, DType::boolean},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::i64}}};
        },
};

}  // namespace ops

Array one_hot(const Array& indices, std::int64_t classes, DType dtype) {
  return apply1(ops::one_hot_op, {indices}, attributes::OneHot{classes, dtype});
}

}  // namespace retrograd
