// square: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = x^2:  dx = 2 x dy
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * (v.x() * 2.0)}; }

}  // namespace

extern constinit const OpDef square_op{
    .name = "square",
    .summary = "The square of every element.",
    .equation = "y = x^2",
    .latex = R"(y = x^2)",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array square(const Array& x) { return apply1(ops::square_op, {x}); }

}  // namespace retrograd
