// pow: everything about the op except its kernels (src/kernels/reference/scalar_only.cpp).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = a^b:  da = dy b a^(b - 1), 0 where b = 0;  db = dy y ln a, 0 where a <= 0
std::vector<Array> vjp(const VjpArgs& v) {
  const Array& a = v.x(0);
  const Array& b = v.x(1);
  const Array da = where(equal(b, 0.0), 0.0, v.dy() * (b * pow(a, b - 1.0)));
  const Array is_positive = greater(a, 0.0);
  return {da, where(is_positive, v.dy() * v.y() * log(where(is_positive, a, 1.0)), 0.0)};
}

}  // namespace

extern constinit const OpDef pow_op{
    .name = "pow",
    .summary = "The first of two elements raised to the power of the second.",
    .equation = "y = a^b",
    .latex = R"(y = a^b)",
    .source = "Elementary; derivative: Abramowitz and Stegun 1964, 4.2.44",
    .shape = binary_floating,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention =
        "As IEEE 754: a^0 = 1; NaN for a < 0 and a b that is not whole. The derivative in a is 0 at b = 0, "
        "that in b is 0 at a <= 0.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{3, 5}, {3, 5}}, .low = 0.5, .high = 2.5},
                                     {.shapes = {{17}, {17}}, .low = 0.2, .high = 1.5}};
        },
};

}  // namespace ops

Array pow(const Array& a, const Array& b) { return ops::binary(ops::pow_op, a, b); }
Array pow(const Array& a, double b) { return ops::binary(ops::pow_op, a, b); }
Array pow(double a, const Array& b) { return ops::binary(ops::pow_op, a, b); }

}  // namespace retrograd
