// sum: everything about the op except its kernels; and mean, which is made of it.
#include <retrograd/ops.h>

#include <algorithm>

#include "core/attributes/reduce.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {

std::vector<std::int64_t> Axes::normalised(int rank, const char* op) const {
  std::vector<std::int64_t> result;
  if (all_) {
    for (int axis = 0; axis < rank; ++axis) result.push_back(axis);
    return result;
  }
  for (int axis : axes_) result.push_back(normalise_axis(axis, rank, op));
  std::sort(result.begin(), result.end());
  const auto twice = std::adjacent_find(result.begin(), result.end());
  if (twice != result.end()) fail(ErrorKind::shape, "{}: axis {} is named twice", op, *twice);
  return result;
}

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

// y = sum x:  dx = dy, repeated along the reduced axes
std::vector<Array> vjp(const VjpArgs& v) {
  return {spread(v.dy(), v.x().shape(), v.attributes.as<attributes::Reduce>().axes)};
}

}  // namespace

extern constinit const OpDef sum_op{
    .name = "sum",
    .summary = "The sum over some axes.",
    .equation = "y = sum_i x_i",
    .latex = R"(y = \sum_i x_i)",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0, 1}, false}},
                                     {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{1}, false}},
                                     {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0}, true}},
                                     {.shapes = {{2, 3, 4}}, .attributes = attributes::Reduce{{0, 2}, false}},
                                     {.shapes = {{2, 3}}, .attributes = attributes::Reduce{{}, false}},
                                     {.shapes = {{3, 5}},
                                      .attributes = attributes::Reduce{{1}, false},
                                      .low = -9,
                                      .high = 9,
                                      .dtypes = {DType::i32}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array sum(const Array& x, const Axes& axes, bool keep) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "sum").rank(), "sum");
  return apply1(ops::sum_op, {x}, attributes::Reduce{reduced, keep});
}

Array mean(const Array& x, const Axes& axes, bool keep) {
  if (!is_floating(ops::given(x, "mean").dtype())) {
    fail(ErrorKind::dtype, "mean: the input is {}; expected f32 or f64: convert it with cast()",
         x.type().to_string());
  }
  const std::vector<std::int64_t> reduced = axes.normalised(x.rank(), "mean");
  std::int64_t count = 1;
  for (std::int64_t axis : reduced) count *= x.shape()[static_cast<int>(axis)];
  if (count == 0)
    fail(ErrorKind::shape, "mean: {} has no elements along the axes of the mean", x.type().to_string());
  const Array total = apply1(ops::sum_op, {x}, attributes::Reduce{reduced, keep});
  return total * (1.0 / static_cast<double>(count));
}

}  // namespace retrograd
