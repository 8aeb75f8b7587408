// floor: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = floor(x):  dx = 0
std::vector<Array> vjp(const VjpArgs& v) { return {zeros_like(v.x())}; }

}  // namespace

extern constinit const OpDef floor_op{
    .name = "floor",
    .summary = "The largest whole number that is not above each element.",
    .equation = "y = floor(x)",
    .latex = R"(y = \lfloor x \rfloor)",
    .source = "Elementary",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "The derivative is 0 everywhere.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .kinks = {-2.0, -1.0, 0.0, 1.0, 2.0}},
              {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {-4, -3, -2, -1, 0, 1, 2, 3, 4}}};
        },
};

}  // namespace ops

Array floor(const Array& x) { return apply1(ops::floor_op, {x}); }

}  // namespace retrograd
