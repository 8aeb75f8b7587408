// logical_not: everything about the op except its kernels (src/kernels/reference/scalar_only.cpp).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) { return logical(args, 1); }

}  // namespace

extern constinit const OpDef logical_not_op{
    .name = "logical_not",
    .summary = "Whether an element does not hold.",
    .equation = "y = not x",
    .latex = R"(y = \neg x)",
    .source = "Elementary",
    .shape = shape,
    .vjp = Gradient::none(),
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .dtypes = {DType::boolean}},
                                     {.shapes = {{17}}, .dtypes = {DType::boolean}}};
        },
};

}  // namespace ops

Array logical_not(const Array& x) { return apply1(ops::logical_not_op, {x}); }

}  // namespace retrograd
