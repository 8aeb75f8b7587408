// elu: everything about the op except its kernels.
#include "core/attributes/elu.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) {
  const Array below = expm1(minimum(e.x(), 0.0)) * e.attributes.as<attributes::Elu>().alpha;
  return {where(greater(e.x(), 0.0), e.x(), below)};
}

// dx = dy where x > 0, else dy alpha e^x
std::vector<Array> vjp(const VjpArgs& v) {
  const Array is_above = greater(v.x(), 0.0);
  const Array below = exp(where(is_above, 0.0, v.x())) * v.attributes.as<attributes::Elu>().alpha;
  return {where(is_above, v.dy(), v.dy() * below)};
}

}  // namespace

extern constinit const OpDef elu_op{
    .name = "elu",
    .summary = "The exponential linear unit.",
    .equation = "y = x if x > 0, else alpha (e^x - 1)",
    .latex = R"(y = \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & \text{otherwise} \end{cases})",
    .source = "Clevert, Unterthiner, Hochreiter 2016",
    .shape = unary_floating,
    .vjp = vjp,
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "The derivative at 0 is alpha.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .attributes = attributes::Elu{}, .kinks = {0.0}},
                                     {.shapes = {{17}},
                                      .attributes = attributes::Elu{0.5},
                                      .low = -4.0,
                                      .high = 4.0,
                                      .kinks = {0.0}}};
        },
};

}  // namespace ops

Array elu(const Array& x, double alpha) { return apply1(ops::elu_op, {x}, attributes::Elu{alpha}); }

}  // namespace retrograd
