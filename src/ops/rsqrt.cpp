// rsqrt: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = x^(-1/2):  dx = -dy y / (2 x)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * v.y() / v.x() * -0.5}; }

}  // namespace

extern constinit const OpDef rsqrt_op{
    .name = "rsqrt",
    .summary = "The reciprocal of the square root of every element.",
    .equation = "y = 1 / sqrt(x)",
    .latex = R"(y = \frac{1}{\sqrt{x}})",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At 0 the value is infinity, below it NaN.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .low = 0.5, .high = 3.0},
                                     {.shapes = {{17}}, .low = 0.2, .high = 1.0}};
        },
};

}  // namespace ops

Array rsqrt(const Array& x) { return apply1(ops::rsqrt_op, {x}); }

}  // namespace retrograd
