// sin: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = sin x:  dx = dy cos x
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * cos(v.x())}; }

}  // namespace

extern constinit const OpDef sin_op{
    .name = "sin",
    .summary = "The sine of every element, in radians.",
    .equation = "y = sin(x)",
    .latex = R"(y = \sin x)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.3.105",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "NaN at an infinity.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -9.0, .high = 9.0}};
        },
};

}  // namespace ops

Array sin(const Array& x) { return apply1(ops::sin_op, {x}); }

}  // namespace retrograd
