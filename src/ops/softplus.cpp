// softplus: everything about the op except its kernels.
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<Array> expand(const ExpandArgs& e) { return {relu(e.x()) + log1p(exp(negative(abs(e.x()))))}; }

// dx = dy / (1 + e^-x)
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy() * sigmoid(v.x())}; }

}  // namespace

extern constinit const OpDef softplus_op{
    .name = "softplus",
    .summary = "A smooth form of relu.",
    .equation = "y = ln(1 + e^x)",
    .latex = R"(y = \ln(1 + e^x))",
    .source = "Dugas, Bengio, Belisle, Nadeau, Garcia 2001; Glorot, Bordes, Bengio 2011",
    .shape = unary_floating,
    .vjp = vjp,
    .expand = expand,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}}, {.shapes = {{17}}, .low = -4.0, .high = 4.0}};
        },
};

}  // namespace ops

Array softplus(const Array& x) { return apply1(ops::softplus_op, {x}); }

}  // namespace retrograd
