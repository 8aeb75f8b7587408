// cast: everything about the op except its kernels.
#include "core/attributes/cast.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  return {{args.attributes.as<attributes::Cast>().dtype, args.inputs[0].shape}};
}

// Between floating dtypes: dx = dy in the dtype of x.
std::vector<Array> vjp(const VjpArgs& v) {
  if (!is_floating(v.x().dtype()) || !is_floating(v.y().dtype())) return {Array()};
  return {cast(v.dy(), v.x().dtype())};
}

}  // namespace

extern constinit const OpDef cast_op{
    .name = "cast",
    .summary = "The same numbers in another dtype.",
    .equation = "y = x, rounded to the dtype",
    .latex = R"(y = \operatorname{round}(x))",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .convention =
        "To an integer: towards zero, beyond the range to its end, NaN to 0. To bool: whether x is not 0. To "
        "bf16: by way of f32, to the nearest, a tie to the even one.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Cast{DType::f64}},
              {.shapes = {{7}},
               .attributes = attributes::Cast{DType::f32},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}},
              {.shapes = {{7}}, .attributes = attributes::Cast{DType::i32}, .low = -9, .high = 9},
              {.shapes = {{7}},
               .attributes = attributes::Cast{DType::f64},
               .low = 0,
               .high = 2,
               .dtypes = {DType::boolean}},
              {.shapes = {{7}},
               .attributes = attributes::Cast{DType::boolean},
               .low = -1,
               .high = 2,
               .dtypes = {DType::i64}}};
        },
};

}  // namespace ops

Array cast(const Array& x, DType dtype) {
  if (ops::given(x, "cast").dtype() == dtype) return x;
  return apply1(ops::cast_op, {x}, attributes::Cast{dtype});
}

}  // namespace retrograd
