// leaky_relu: everything about the op except its kernels.
#include "core/attributes/leaky_relu.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) {
  return {where(greater(e.x(), 0.0), e.x(), e.x() * e.attributes.as<attributes::LeakyRelu>().slope)};
}

}  // namespace

extern constinit const OpDef leaky_relu_op{
    .name = "leaky_relu",
    .summary = "The rectified linear unit with a small slope below 0.",
    .equation = "y = x if x > 0, else slope x",
    .latex = R"(y = \begin{cases} x & x > 0 \\ s x & \text{otherwise} \end{cases})",
    .source = "Maas, Hannun, Ng 2013",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "The derivative at 0 is the slope.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::LeakyRelu{}, .kinks = {0.0}},
              {.shapes = {{17}},
               .attributes = attributes::LeakyRelu{0.3},
               .low = -4.0,
               .high = 4.0,
               .kinks = {0.0}}};
        },
};

}  // namespace ops

Array leaky_relu(const Array& x, double slope) {
  return apply1(ops::leaky_relu_op, {x}, attributes::LeakyRelu{slope});
}

}  // namespace retrograd
