// abs: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = |x|:  dx = dy sign(x)
std::vector<Array> vjp(const VjpArgs& v) {
  const Array below = where(greater(0.0, v.x()), negative(v.dy()), 0.0);
  return {where(greater(v.x(), 0.0), v.dy(), below)};
}

}  // namespace

extern constinit const OpDef abs_op{
    .name = "abs",
    .summary = "The absolute value of every element.",
    .equation = "y = |x|",
    .latex = R"(y = |x|)",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "The derivative at 0 is 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {0.0}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {0.0}}};
        },
};

}  // namespace ops

Array abs(const Array& x) { return apply1(ops::abs_op, {x}); }

}  // namespace retrograd
