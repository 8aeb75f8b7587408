// exp: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = exp(x):  dx = dy y
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * v.y()}; }

}  // namespace

extern constinit const OpDef exp_op{
    .name = "exp",
    .summary = "The exponential of every element.",
    .equation = "y = exp(x)",
    .latex = R"(y = e^x)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.2.49",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array exp(const Array& x) { return apply1(ops::exp_op, {x}); }

}  // namespace retrograd
