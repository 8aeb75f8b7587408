// hard_sigmoid: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) { return {clip(e.x() * (1.0 / 6.0) + 0.5, 0.0, 1.0)}; }

}  // namespace

extern constinit const OpDef hard_sigmoid_op{
    .name = "hard_sigmoid",
    .summary = "A piecewise linear form of the sigmoid.",
    .equation = "y = min(max(x / 6 + 1/2, 0), 1)",
    .latex = R"(y = \min(\max(\tfrac{x}{6} + \tfrac12, 0), 1))",
    .source = "Howard et al. 2019 (MobileNetV3)",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "The derivative at -3 and 3 is 1/6.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {-3.0, 3.0}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {-3.0, 3.0}}};
        },
};

}  // namespace ops

Array hard_sigmoid(const Array& x) { return apply1(ops::hard_sigmoid_op, {x}); }

}  // namespace retrograd
