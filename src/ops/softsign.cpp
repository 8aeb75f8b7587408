// softsign: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) { return {e.x() / (abs(e.x()) + 1.0)}; }

}  // namespace

extern constinit const OpDef softsign_op{
    .name = "softsign",
    .summary = "A squashing function with polynomial tails.",
    .equation = "y = x / (1 + |x|)",
    .latex = R"(y = \frac{x}{1 + |x|})",
    .source = "Bergstra, Desjardins, Lamblin, Bengio 2009",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "The second derivative at 0 is 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {0.0}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {0.0}}};
        },
};

}  // namespace ops

Array softsign(const Array& x) { return apply1(ops::softsign_op, {x}); }

}  // namespace retrograd
