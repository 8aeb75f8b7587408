// prod: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/attributes/reduce.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  const auto& reduce = args.attributes.as<attributes::Reduce>();
  const TensorType& x = args.inputs[0];
  for (std::int64_t axis : reduce.axes) expect_axis(args, axis, x.shape.rank());
  return {{x.dtype, reduced(x.shape, reduce.axes, reduce.keep)}};
}

// dx_i = dy times the product of the other elements: with p the product of those that are not 0 it is p / x_i
// where none is 0; where x_i alone is 0 it is p; else it is 0.
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& axes = v.attributes.as<attributes::Reduce>().axes;
  const std::vector<int> over(axes.begin(), axes.end());
  const Shape& shape = v.x().shape();
  const Array is_zero = equal(v.x(), 0.0);
  const Array rest = where(is_zero, 1.0, v.x());
  const Array p = broadcast_to(prod(rest, over, true), shape);
  const Array zeros = broadcast_to(sum(cast(is_zero, v.x().dtype()), over, true), shape);
  const Array others =
      where(is_zero, where(equal(zeros, 1.0), p, 0.0), where(equal(zeros, 0.0), p / rest, 0.0));
  return {spread(v.dy(), shape, axes) * others};
}

}  // namespace

extern constinit const OpDef prod_op{
    .name = "prod",
    .summary = "The product over some axes.",
    .equation = "y = prod_i x_i",
    .latex = R"(y = \prod_i x_i)",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .convention =
        "The first derivative holds where elements are 0; second derivatives there lack the terms of those "
        "elements. Integers wrap.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0, 1}, false}, .low = 0.5, .high = 2.0},
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{1}, true}, .low = 0.5, .high = 2.0},
              {.shapes = {{2, 3, 4}},
               .attributes = attributes::Reduce{{0, 2}, false},
               .low = 0.5,
               .high = 2.0},
              {.shapes = {{3, 5}},
               .attributes = attributes::Reduce{{0}, false},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array prod(const Array& x, const Axes& axes, bool keep) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "prod").rank(), "prod");
  return apply1(ops::prod_op, {x}, attributes::Reduce{reduced, keep});
}

}  // namespace retrograd
