// cumulative_sum: everything about the op except its kernels.
#include "core/attributes/cumulative_sum.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  expect_axis(args, args.attributes.as<attributes::CumulativeSum>().axis, args.inputs[0].shape.rank());
  return {args.inputs[0]};
}

// The sums of dy from the other end.
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& c = v.attributes.as<attributes::CumulativeSum>();
  return {cumulative_sum(v.dy(), static_cast<int>(c.axis), !c.reverse, c.exclusive)};
}

}  // namespace

extern constinit const OpDef cumulative_sum_op{
    .name = "cumulative_sum",
    .summary = "Running sums along one axis.",
    .equation = "y_i = x_0 + ... + x_i; exclusive: y_i = x_0 + ... + x_(i-1); reverse: from the end",
    .latex = R"(y_i = \sum_{j \le i} x_j)",
    .source = "Blelloch 1990",
    .shape = shape,
    .vjp = vjp,
    .convention = "Sums are taken in order. Integers wrap.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::CumulativeSum{1, false, false}},
              {.shapes = {{2, 3, 4}}, .attributes = attributes::CumulativeSum{1, true, false}},
              {.shapes = {{5}}, .attributes = attributes::CumulativeSum{0, false, true}},
              {.shapes = {{3, 5}},
               .attributes = attributes::CumulativeSum{0, true, true},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array cumulative_sum(const Array& x, int axis, bool reverse, bool exclusive) {
  const int normalised = normalise_axis(axis, ops::given(x, "cumulative_sum").rank(), "cumulative_sum");
  return apply1(ops::cumulative_sum_op, {x}, attributes::CumulativeSum{normalised, reverse, exclusive});
}

}  // namespace retrograd
