// selu: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) {
  constexpr double alpha = 1.6732632423543772848170429916717;
  constexpr double lambda = 1.0507009873554804934193349852946;
  return {elu(e.x(), alpha) * lambda};
}

}  // namespace

extern constinit const OpDef selu_op{
    .name = "selu",
    .summary = "The self-normalising exponential linear unit.",
    .equation = "y = lambda x if x > 0, else lambda alpha (e^x - 1), alpha = 1.67326, lambda = 1.05070",
    .latex = R"(y = \lambda \operatorname{elu}_\alpha(x))",
    .source = "Klambauer, Unterthiner, Mayr, Hochreiter 2017",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "The derivative at 0 is lambda alpha.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {0.0}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {0.0}}};
        },
};

}  // namespace ops

Array selu(const Array& x) { return apply1(ops::selu_op, {x}); }

}  // namespace retrograd
