// divide: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = a / b:  da = dy / b, db = -dy y / b
std::vector<Array> vjp(const VjpArgs& v) {
  const Array da = v.dy() / v.x(1);
  return {da, negative(da * v.y())};
}

}  // namespace

extern constinit const OpDef divide_op{
    .name = "divide",
    .summary = "The quotient of two arrays, element by element.",
    .equation = "y = a / b",
    .latex = R"(y = \frac{a}{b})",
    .source = "Elementary; derivative: Goodfellow, Bengio, Courville 2016, 6.5.2",
    .shape = binary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}, {3, 5}}, .low = 0.5, .high = 3.0},
                                     {.shapes = {{17}, {17}}, .low = -3.0, .high = -0.5}};
        },
};

}  // namespace ops

Array divide(const Array& a, const Array& b) { return ops::binary(ops::divide_op, a, b); }
Array divide(const Array& a, double b) { return ops::binary(ops::divide_op, a, b); }
Array divide(double a, const Array& b) { return ops::binary(ops::divide_op, a, b); }

}  // namespace retrograd
