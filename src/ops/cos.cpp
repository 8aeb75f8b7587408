// cos: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = cos x:  dx = -dy sin x
std::vector<Array> vjp(const VjpArgs& v) { return {negative(v.dy() * sin(v.x()))}; }

}  // namespace

extern constinit const OpDef cos_op{
    .name = "cos",
    .summary = "The cosine of every element, in radians.",
    .equation = "y = cos(x)",
    .latex = R"(y = \cos x)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.3.106",
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

Array cos(const Array& x) { return apply1(ops::cos_op, {x}); }

}  // namespace retrograd
