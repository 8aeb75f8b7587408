// sqrt: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = sqrt(x):  dx = dy / (2 y)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * 0.5 / v.y()}; }

}  // namespace

extern constinit const OpDef sqrt_op{
    .name = "sqrt",
    .summary = "The square root of every element.",
    .equation = "y = sqrt(x)",
    .latex = R"(y = \sqrt{x})",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At 0 the derivative is infinite; below it the value is NaN.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .low = 0.5, .high = 3.0},
                                     {.shapes = {{17}}, .low = 0.2, .high = 1.0}};
        },
};

}  // namespace ops

Array sqrt(const Array& x) { return apply1(ops::sqrt_op, {x}); }

}  // namespace retrograd
