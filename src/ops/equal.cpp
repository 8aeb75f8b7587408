// equal: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
extern constinit const OpDef equal_op{
    .name = "equal",
    .summary = "Whether the first of two elements is equal to the second.",
    .equation = "y = (a = b)",
    .latex = R"(y = [a = b])",
    .source = "Elementary",
    .shape = comparison,
    .vjp = Gradient::none(),
    .traits = {.elementwise = true, .commutative = true},
    .convention = "A NaN compares as false.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}}},
              {.shapes = {{17}, {17}}, .low = -2, .high = 2, .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array equal(const Array& a, const Array& b) { return ops::binary(ops::equal_op, a, b); }
Array equal(const Array& a, double b) { return ops::binary(ops::equal_op, a, b); }
Array equal(double a, const Array& b) { return ops::binary(ops::equal_op, a, b); }

}  // namespace retrograd
