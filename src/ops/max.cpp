// max: everything about the op except its kernels. Not here: maximum, the larger of two arrays.
#include <retrograd/ops.h>

#include "core/attributes/reduce.h"
#include "ops/extremes.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  return reduction_of_some(args, "a maximum");
}

}  // namespace

extern constinit const OpDef max_op{
    .name = "max",
    .summary = "The largest element along some axes.",
    .equation = "y = max_i x_i",
    .latex = R"(y = \max_i x_i)",
    .source = "Elementary; derivative: the subgradient in the middle of the ties",
    .shape = shape,
    .vjp = extreme_vjp,
    .convention = "Elements that tie share the gradient in equal parts. NaN is the largest.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{0, 1}, false}, .distinct = true},
              {.shapes = {{3, 5}}, .attributes = attributes::Reduce{{1}, true}, .distinct = true},
              {.shapes = {{2, 3, 4}}, .attributes = attributes::Reduce{{0, 2}, false}, .distinct = true},
              {.shapes = {{3, 5}},
               .attributes = attributes::Reduce{{0}, false},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
    .flops = one_an_element,
};

}  // namespace ops

Array max(const Array& x, const Axes& axes, bool keep) {
  const std::vector<std::int64_t> reduced = axes.normalised(ops::given(x, "max").rank(), "max");
  return apply1(ops::max_op, {x}, attributes::Reduce{reduced, keep});
}

}  // namespace retrograd
