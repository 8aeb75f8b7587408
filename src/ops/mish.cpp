// mish: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) { return {e.x() * tanh(softplus(e.x()))}; }

}  // namespace

extern constinit const OpDef mish_op{
    .name = "mish",
    .summary = "x times the tanh of its softplus.",
    .equation = "y = x tanh(ln(1 + e^x))",
    .latex = R"(y = x \tanh(\ln(1 + e^x)))",
    .source = "Misra 2020",
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

Array mish(const Array& x) { return apply1(ops::mish_op, {x}); }

}  // namespace retrograd
