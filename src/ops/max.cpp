// max: everything about the op except its kernels. Not here: maximum, the larger of two arrays.
#include <retrograd/ops.h>

#include "core/attributes/reduce.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  const auto& reduce = args.attributes.as<attributes::Reduce>();
  const TensorType& x = args.inputs[0];
  for (std::int64_t axis : reduce.axes) {
    expect_axis(args, axis, x.shape.rank());
    if (x.shape[static_cast<int>(axis)] == 0) {
      fail(ErrorKind::shape, "max: {} has no elements along axis {}; a maximum needs at least one",
           x.to_string(), axis);
    }
  }
  return {{x.dtype, reduced(x.shape, reduce.axes, reduce.keep)}};
}

// y = max x:  dx = dy / t where x = y, else 0, with t the number of elements that tie
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& axes = v.attributes.as<attributes::Reduce>().axes;
  const Shape& shape = v.x().shape();
  const Array is_max = equal(v.x(), spread(v.y(), shape, axes));
  const Array ties = sum(cast(is_max, v.y().dtype()), std::vector<int>(axes.begin(), axes.end()));
  const Array share = reshape(v.dy(), ties.shape()) / ties;
  return {where(is_max, spread(share, shape, axes), 0.0)};
}

}  // namespace

extern const OpDef max_op{
    .name = "max",
    .summary = "The largest element along some axes.",
    .equation = "y = max_i x_i",
    .latex = R"(y = \max_i x_i)",
    .source = "Elementary; derivative: the subgradient in the middle of the ties",
    .shape = shape,
    .vjp = vjp,
    .convention = "Elements that tie share the gradient in equal parts. NaN is the largest.",
    .samples = {{.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0, 1}, false}, .distinct = true},
                {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{1}, true}, .distinct = true},
                {.shapes = {{2, 3, 4}}, .attributes = attributes::Reduce{{0, 2}, false}, .distinct = true},
                {.shapes = {{3, 5}},
                 .attributes = attributes::Reduce{{0}, false},
                 .low = -9,
                 .high = 9,
                 .dtypes = {DType::i32}}},
};

}  // namespace ops

Array max(const Array& x, const Axes& axes, bool keep) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "max").rank(), "max");
  return apply1(ops::max_op, {x}, attributes::Reduce{reduced, keep});
}

}  // namespace retrograd
