// log1p: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = ln(1 + x):  dx = dy / (1 + x)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() / (1.0 + v.x())}; }

}  // namespace

extern constinit const OpDef log1p_op{
    .name = "log1p",
    .summary = "The natural logarithm of 1 + x, exact to rounding for small x.",
    .equation = "y = ln(1 + x)",
    .latex = R"(y = \ln(1 + x))",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.1.46",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At -1 the value is -infinity, below it NaN.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .low = -0.5, .high = 3.0},
                                     {.shapes = {{17}}, .low = -0.01, .high = 0.01}};
        },
};

}  // namespace ops

Array log1p(const Array& x) { return apply1(ops::log1p_op, {x}); }

}  // namespace retrograd
