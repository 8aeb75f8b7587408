// erf: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

constexpr double two_over_root_pi = 1.1283791670955126;

// y = erf x:  dx = dy 2 / sqrt(pi) e^(-x^2)
std::vector<Array> vjp(const VjpArgs& v) {
  return {v.dy() * (exp(negative(square(v.x()))) * two_over_root_pi)};
}

}  // namespace

extern constinit const OpDef erf_op{
    .name = "erf",
    .summary = "The error function of every element.",
    .equation = "y = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x",
    .latex = R"(y = \frac{2}{\sqrt{\pi}} \int_0^x e^{-t^2} dt)",
    .source = "Abramowitz and Stegun 1964, 7.1.1",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array erf(const Array& x) { return apply1(ops::erf_op, {x}); }

}  // namespace retrograd
