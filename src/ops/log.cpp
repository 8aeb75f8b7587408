// log: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = ln(x):  dx = dy / x
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() / v.x()}; }

}  // namespace

extern constinit const OpDef log_op{
    .name = "log",
    .summary = "The natural logarithm of every element.",
    .equation = "y = ln(x)",
    .latex = R"(y = \ln x)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.1.46",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At 0 the value is -infinity, below it NaN.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .low = 0.5, .high = 3.0},
                                     {.shapes = {{17}}, .low = 0.2, .high = 1.0}};
        },
};

}  // namespace ops

Array log(const Array& x) { return apply1(ops::log_op, {x}); }

}  // namespace retrograd
