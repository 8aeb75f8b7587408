// gelu: everything about the op except its kernels.
#include "core/attributes/gelu.h"

#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

constexpr double root_half = 0.70710678118654752;
constexpr double root_two_over_pi = 0.79788456080286536;

std::vector<Array> expand(const ExpandArgs& e) {
  const Array& x = e.x();
  if (!e.attributes.as<attributes::Gelu>().by_tanh) return {x * (erf(x * root_half) + 1.0) * 0.5};
  const Array inner = (x + square(x) * x * 0.044715) * root_two_over_pi;
  return {x * (tanh(inner) + 1.0) * 0.5};
}

}  // namespace

extern constinit const OpDef gelu_op{
    .name = "gelu",
    .summary = "The Gaussian error linear unit, exact or by tanh.",
    .equation =
        "y = x Phi(x) = x (1 + erf(x / sqrt 2)) / 2; by tanh: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) "
        "/ 2",
    .latex = R"(y = x \Phi(x))",
    .source = "Hendrycks and Gimpel 2016",
    .shape = unary_floating,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Gelu{false}},
              {.shapes = {{17}}, .attributes = attributes::Gelu{false}, .low = -4.0, .high = 4.0},
              {.shapes = {{3, 5}}, .attributes = attributes::Gelu{true}},
              {.shapes = {{17}}, .attributes = attributes::Gelu{true}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array gelu(const Array& x, bool by_tanh) { return apply1(ops::gelu_op, {x}, attributes::Gelu{by_tanh}); }

}  // namespace retrograd
