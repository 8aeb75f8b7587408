// maximum: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = max(a, b):  da = dy where a > b, dy / 2 where a = b, else 0; db likewise
std::vector<Array> vjp(const VjpArgs& v) {
  const Array share = where(equal(v.x(0), v.x(1)), v.dy() * 0.5, v.dy());
  return {where(greater_equal(v.x(0), v.x(1)), share, 0.0), where(greater_equal(v.x(1), v.x(0)), share, 0.0)};
}

}  // namespace

extern constinit const OpDef maximum_op{
    .name = "maximum",
    .summary = "The larger of two arrays, element by element.",
    .equation = "y = max(a, b)",
    .latex = R"(y = \max(a, b))",
    .source = "Elementary; derivative: the mean of the two one-sided ones",
    .shape = binary_number,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .convention = "At a = b each gets half of the gradient. A NaN in either is the result.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 4}, {3, 4}}, .distinct = true},
              {.shapes = {{7}, {7}}, .distinct = true},
              {.shapes = {{7}, {7}}, .low = -9, .high = 9, .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array maximum(const Array& a, const Array& b) { return ops::binary(ops::maximum_op, a, b); }
Array maximum(const Array& a, double b) { return ops::binary(ops::maximum_op, a, b); }
Array maximum(double a, const Array& b) { return ops::binary(ops::maximum_op, a, b); }

}  // namespace retrograd
