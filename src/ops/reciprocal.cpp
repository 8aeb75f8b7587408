// reciprocal: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = 1 / x:  dx = -dy y^2
std::vector<Array> vjp(const VjpArgs& v) { return {negative(v.dy() * square(v.y()))}; }

}  // namespace

extern constinit const OpDef reciprocal_op{
    .name = "reciprocal",
    .summary = "The reciprocal of every element.",
    .equation = "y = 1 / x",
    .latex = R"(y = \frac{1}{x})",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At 0 the value is an infinity of the sign of 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .low = 0.5, .high = 3.0},
                                     {.shapes = {{17}}, .low = -3.0, .high = -0.5}};
        },
};

}  // namespace ops

Array reciprocal(const Array& x) { return apply1(ops::reciprocal_op, {x}); }

}  // namespace retrograd
