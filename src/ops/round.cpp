// round: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = round(x):  dx = 0
std::vector<Array> vjp(const VjpArgs& v) { return {zeros_like(v.x())}; }

}  // namespace

extern constinit const OpDef round_op{
    .name = "round",
    .summary = "The whole number nearest to each element, the even one of two.",
    .equation = "y = the whole number nearest to x, the even one at a tie",
    .latex = R"(y = \operatorname{round}(x))",
    .source = "IEEE 754-2019, 4.3.1 (roundTiesToEven)",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "Halves go to the even neighbour. The derivative is 0 everywhere.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {-1.5, -0.5, 0.5, 1.5}},
                                     {.shapes = {{17}},
                                      .low = -4.0,
                                      .high = 4.0,
                                      .kinks = {-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5}}};
        },
};

}  // namespace ops

Array round(const Array& x) { return apply1(ops::round_op, {x}); }

}  // namespace retrograd
