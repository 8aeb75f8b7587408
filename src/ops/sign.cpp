// sign: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = sign x:  dx = 0
std::vector<Array> vjp(const VjpArgs& v) { return {zeros_like(v.x())}; }

}  // namespace

extern constinit const OpDef sign_op{
    .name = "sign",
    .summary = "The sign of every element: -1, 0 or 1.",
    .equation = "y = 1 if x > 0, -1 if x < 0, else 0",
    .latex = R"(y = \operatorname{sign} x)",
    .source = "Elementary",
    .shape = unary_number,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "0 at 0, NaN at NaN. The derivative is 0 everywhere.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {0.0}},
                                     {.shapes = {{7}}, .low = -2, .high = 2, .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

Array sign(const Array& x) { return apply1(ops::sign_op, {x}); }

}  // namespace retrograd
