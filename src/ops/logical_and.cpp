// logical_and: everything about the op except its kernels (src/kernels/reference/scalar_only.cpp).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) { return logical(args, 2); }

}  // namespace

extern constinit const OpDef logical_and_op{
    .name = "logical_and",
    .summary = "Whether both of two elements hold.",
    .equation = "y = a and b",
    .latex = R"(y = a \wedge b)",
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

Array logical_and(const Array& a, const Array& b) { return ops::binary(ops::logical_and_op, a, b); }

}  // namespace retrograd
