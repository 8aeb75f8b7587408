// silu: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) { return {e.x() * sigmoid(e.x())}; }

}  // namespace

extern constinit const OpDef silu_op{
    .name = "silu",
    .summary = "The sigmoid-weighted linear unit, also called swish.",
    .equation = "y = x / (1 + e^-x)",
    .latex = R"(y = x \, \sigma(x))",
    .source = "Elfwing, Uchibe, Doya 2018",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array silu(const Array& x) { return apply1(ops::silu_op, {x}); }

}  // namespace retrograd
