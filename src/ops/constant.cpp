// constant: everything about the op except its kernels; and the arrays of equal elements that are made of it.
#include "core/attributes/constant.h"

#include <retrograd/ops.h>

#include <cmath>
#include <limits>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 0);
  return {{args.attributes.as<attributes::Constant>().dtype, Shape{}}};
}

std::vector<Array> vjp(const VjpArgs&) { return {}; }

// Does the dtype have this value exactly (rounding aside, for floating ones)?
bool holds(DType dtype, double value) {
  if (is_floating(dtype)) return true;
  double low = 0.0;
  double high = 1.0;
  if (dtype == DType::u8) high = 255.0;
  if (dtype == DType::i32) {
    low = std::numeric_limits<std::int32_t>::min();
    high = std::numeric_limits<std::int32_t>::max();
  }
  if (dtype == DType::i64) {
    low = -0x1p53;
    high = 0x1p53;
  }
  return std::trunc(value) == value && value >= low && value <= high;
}

}  // namespace

extern constinit const OpDef constant_op{
    .name = "constant",
    .summary = "A constant of rank 0.",
    .equation = "y = c",
    .latex = "y = c",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .samples =
        [] {
          return std::vector<Sample>{
              {.attributes = attributes::Constant{.value = 0.1, .dtype = DType::f64}},
              {.attributes = attributes::Constant{.value = 0.1, .dtype = DType::f32}},
              {.attributes = attributes::Constant{.value = -7.0, .dtype = DType::i32}}};
        },
};

Array constant(double value, DType dtype, std::string_view op) {
  if (!holds(dtype, value)) {
    fail(ErrorKind::dtype,
         "{}: the constant {} is no {}; expected a number that it can hold: cast() the array first", op,
         value, name(dtype));
  }
  return apply1(constant_op, {}, attributes::Constant{.value = value, .dtype = dtype});
}

}  // namespace ops

Array scalar(double value, DType dtype) { return ops::constant(value, dtype, "scalar"); }

Array full(const Shape& shape, double value, DType dtype) {
  return broadcast_to(ops::constant(value, dtype, "full"), shape);
}
Array zeros(const Shape& shape, DType dtype) { return full(shape, 0.0, dtype); }
Array ones(const Shape& shape, DType dtype) { return full(shape, 1.0, dtype); }
Array full_like(const Array& x, double value) {
  return full(ops::given(x, "full_like").shape(), value, x.dtype());
}
Array zeros_like(const Array& x) { return full(ops::given(x, "zeros_like").shape(), 0.0, x.dtype()); }
Array ones_like(const Array& x) { return full(ops::given(x, "ones_like").shape(), 1.0, x.dtype()); }

}  // namespace retrograd
