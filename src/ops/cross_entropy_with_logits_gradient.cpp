// cross_entropy_with_logits_gradient: everything about the op except its kernels. It is what the vjp of
// cross_entropy_with_logits calls; users have no need of it.
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/cross_entropy.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

// logits [N, K], labels [N], dy [N] -> dlogits [N, K]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 3);
  expect_floating(args, 0);
  expect_index(args, 1);
  const TensorType& logits = args.inputs[0];
  const TensorType& dy = args.inputs[2];
  if (logits.shape.rank() != 2 || logits.shape[1] == 0) {
    fail(ErrorKind::shape, "{}: the logits are {}; expected [N, K] with K classes", args.name(),
         logits.to_string());
  }
  if (dy.dtype != logits.dtype) {
    fail(ErrorKind::dtype, "{}: logits {} and cotangents {}; expected one dtype", args.name(),
         logits.to_string(), dy.to_string());
  }
  const Shape rows{logits.shape[0]};
  if (args.inputs[1].shape != rows || dy.shape != rows) {
    fail(ErrorKind::shape, "{}: labels {} and cotangents {} for logits {}; expected one of each a row",
         args.name(), args.inputs[1].to_string(), dy.to_string(), logits.to_string());
  }
  return {logits};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const Array& logits = e.x(0);
  const Array error = softmax(logits, 1) - one_hot(e.x(1), logits.shape()[1], logits.dtype());
  return {error * reshape(e.x(2), Shape{logits.shape()[0], 1})};
}

}  // namespace

extern constinit const OpDef cross_entropy_with_logits_gradient_op{
    .name = "cross_entropy_with_logits_gradient",
    .summary = "The gradient of cross_entropy_with_logits with respect to the logits.",
    .equation = "dx_nk = (softmax(x_n)_k - [k = label_n]) dy_n",
    .latex = R"(dx_{nk} = \left(\frac{e^{x_{nk}}}{\sum_j e^{x_{nj}}} - [k = t_n]\right) dy_n)",
    .source = "Goodfellow, Bengio, Courville 2016, 6.2.2.3",
    .shape = shape,
    .vjp = Gradient::expansion(),
    .expand = expand,
    .traits = {.check = true},
    .convention = "A label outside [0, K) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{5, 4}, {5}, {5}},
                                      .low = 0,
                                      .high = 4,
                                      .dtypes = {DType::f64, DType::i32, DType::f64}},
                                     {.shapes = {{2, 3}, {2}, {2}},
                                      .low = 0,
                                      .high = 3,
                                      .dtypes = {DType::f64, DType::i64, DType::f64}}};
        },
};

Array cross_entropy_with_logits_gradient(const Array& logits, const Array& labels, const Array& dy) {
  return apply1(cross_entropy_with_logits_gradient_op, {logits, labels, dy});
}

}  // namespace retrograd::ops
