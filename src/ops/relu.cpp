// relu: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = relu(x):  dx = dy where y > 0, else 0
std::vector<Array> vjp(const VjpArgs& v) { return {where(greater(v.y(), 0.0), v.dy(), 0.0)}; }

}  // namespace

extern constinit const OpDef relu_op{
    .name = "relu",
    .summary = "The rectified linear unit: negative elements become 0.",
    .equation = "y = max(0, x)",
    .latex = R"(y = \max(0, x))",
    .source = "Nair and Hinton 2010; Goodfellow, Bengio, Courville 2016, 6.3.1",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true, .epilogue = EpilogueRole::activation},
    .convention = "The derivative at 0 is 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}, .kinks = {0.0}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0, .kinks = {0.0}}};
        },
};

}  // namespace ops

Array relu(const Array& x) { return apply1(ops::relu_op, {x}); }

}  // namespace retrograd
