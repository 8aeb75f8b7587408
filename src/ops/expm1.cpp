// expm1: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = e^x - 1:  dx = dy e^x
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * exp(v.x())}; }

}  // namespace

extern constinit const OpDef expm1_op{
    .name = "expm1",
    .summary = "e^x - 1, exact to rounding for small x.",
    .equation = "y = e^x - 1",
    .latex = R"(y = e^x - 1)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.2.40",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -0.01, .high = 0.01}};
        },
};

}  // namespace ops

Array expm1(const Array& x) { return apply1(ops::expm1_op, {x}); }

}  // namespace retrograd
