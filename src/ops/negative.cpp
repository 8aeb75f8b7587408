// negative: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = -x:  dx = -dy
std::vector<Array> vjp(const VjpArgs& v) { return {negative(v.dy())}; }

}  // namespace

extern constinit const OpDef negative_op{
    .name = "negative",
    .summary = "Changes the sign of every element.",
    .equation = "y = -x",
    .latex = R"(y = -x)",
    .source = "Elementary",
    .shape = unary_number,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}}},
                                     {.shapes = {{17}}, .low = -4.0, .high = 4.0},
                                     {.shapes = {{7}}, .low = -9, .high = 9, .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

Array negative(const Array& x) { return apply1(ops::negative_op, {x}); }

}  // namespace retrograd
