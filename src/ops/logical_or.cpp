// logical_or: everything about the op except its kernels (src/kernels/reference/scalar_only.cpp).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) { return logical(args, 2); }

}  // namespace

extern constinit const OpDef logical_or_op{
    .name = "logical_or",
    .summary = "Whether one of two elements holds, or both.",
    .equation = "y = a or b",
    .latex = R"(y = a \vee b)",
    .source = "Elementary",
    .shape = shape,
    .vjp = Gradient::none(),
    .traits = {.elementwise = true, .commutative = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}, {3, 5}}, .dtypes = {DType::boolean, DType::boolean}},
                                     {.shapes = {{17}, {17}}, .dtypes = {DType::boolean, DType::boolean}}};
        },
};

}  // namespace ops

Array logical_or(const Array& a, const Array& b) { return ops::binary(ops::logical_or_op, a, b); }

}  // namespace retrograd
