// greater: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
extern constinit const OpDef greater_op{
    .name = "greater",
    .summary = "Whether the first of two elements is larger than the second.",
    .equation = "y = (a > b)",
    .latex = R"(y = [a > b])",
    .source = "Elementary",
    .shape = comparison,
    .vjp = Gradient::none(),
    .traits = {.elementwise = true},
    .convention = "A NaN compares as false.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}}},
              {.shapes = {{17}, {17}}, .low = -2, .high = 2, .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array greater(const Array& a, const Array& b) { return ops::binary(ops::greater_op, a, b); }
Array greater(const Array& a, double b) { return ops::binary(ops::greater_op, a, b); }
Array greater(double a, const Array& b) { return ops::binary(ops::greater_op, a, b); }

}  // namespace retrograd
