// subtract: everything about the op except its kernels (src/kernels/elementwise).
#include <retrograd/ops.h>

#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// y = a - b:  da = dy, db = -dy
std::vector<Array> vjp(const VjpArgs& v) { return {v.dy(), negative(v.dy())}; }

}  // namespace

extern constinit const OpDef subtract_op{
    .name = "subtract",
    .summary = "The difference of two arrays, element by element.",
    .equation = "y = a - b",
    .latex = R"(y = a - b)",
    .source = "Elementary; derivative: Goodfellow, Bengio, Courville 2016, 6.5.2",
    .shape = binary_number,
    .vjp = vjp,
    .traits = {.elementwise = true},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}, {3, 5}}},
              {.shapes = {{17}, {17}}},
              {.shapes = {{7}, {7}}, .low = -9, .high = 9, .dtypes = {DType::i32, DType::i32}}};
        },
};

}  // namespace ops

Array subtract(const Array& a, const Array& b) { return ops::binary(ops::subtract_op, a, b); }
Array subtract(const Array& a, double b) { return ops::binary(ops::subtract_op, a, b); }
Array subtract(double a, const Array& b) { return ops::binary(ops::subtract_op, a, b); }

}  // namespace retrograd
