// sigmoid: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = sigmoid(x):  dx = dy y (1 - y)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * (v.y() * (1.0 - v.y()))}; }

}  // namespace

extern constinit const OpDef sigmoid_op{
    .name = "sigmoid",
    .summary = "The logistic function of every element.",
    .equation = "y = 1 / (1 + exp(-x))",
    .latex = R"(y = \frac{1}{1 + e^{-x}})",
    .source = "Goodfellow, Bengio, Courville 2016, 3.10",
    .shape = unary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true, .epilogue = EpilogueRole::activation},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array sigmoid(const Array& x) { return apply1(ops::sigmoid_op, {x}); }

}  // namespace retrograd
