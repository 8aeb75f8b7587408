// stop_gradient: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "core/layout.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  return {args.inputs[0]};
}

bool view(const Attributes&, const Layout& input, const Shape&, Layout* result) {
  *result = input;
  return true;
}

}  // namespace

extern constinit const OpDef stop_gradient_op{
    .name = "stop_gradient",
    .summary = "The same values as a constant: no gradient passes.",
    .equation = "y = x, dy/dx = 0",
    .latex = R"(y = x, \quad \frac{\partial y}{\partial x} := 0)",
    .source = "By definition",
    .shape = shape,
    .vjp = Gradient::none(),
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}};
        },
};

}  // namespace ops

Array stop_gradient(const Array& x) { return apply1(ops::stop_gradient_op, {x}); }

}  // namespace retrograd
