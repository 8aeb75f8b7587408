// tanh: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = tanh(x):  dx = dy (1 - y^2)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * (1.0 - square(v.y()))}; }

}  // namespace

extern constinit const OpDef tanh_op{
    .name = "tanh",
    .summary = "The hyperbolic tangent of every element.",
    .equation = "y = tanh(x)",
    .latex = R"(y = \tanh x)",
    .source = "Goodfellow, Bengio, Courville 2016, 6.3.2",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true, .epilogue = EpilogueRole::activation},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array tanh(const Array& x) { return apply1(ops::tanh_op, {x}); }

}  // namespace retrograd
