// not_equal: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
extern constinit const OpDef not_equal_op{
    .name = "not_equal",
    .summary = "Whether the first of two elements differs from the second.",
    .equation = "y = (a != b)",
    .latex = R"(y = [a \neq b])",
    .source = "Elementary",
    .shape = comparison,
    .vjp = Gradient::none(),
    .traits = {.elementwise = true, .commutative = true},
    .convention = "A NaN differs from every number and from itself.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}}},
              {.shapes = {{17}, {17}}, .low = -2, .high = 2, .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array not_equal(const Array& a, const Array& b) { return ops::binary(ops::not_equal_op, a, b); }
Array not_equal(const Array& a, double b) { return ops::binary(ops::not_equal_op, a, b); }
Array not_equal(double a, const Array& b) { return ops::binary(ops::not_equal_op, a, b); }

}  // namespace retrograd
