// less_equal: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
extern constinit const OpDef less_equal_op{
    .name = "less_equal",
    .summary = "Whether the first of two elements is smaller or equal.",
    .equation = "y = (a <= b)",
    .latex = R"(y = [a \le b])",
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

Array less_equal(const Array& a, const Array& b) { return ops::binary(ops::less_equal_op, a, b); }
Array less_equal(const Array& a, double b) { return ops::binary(ops::less_equal_op, a, b); }
Array less_equal(double a, const Array& b) { return ops::binary(ops::less_equal_op, a, b); }

}  // namespace retrograd
