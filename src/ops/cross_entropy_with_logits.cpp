// cross_entropy_with_logits: everything about the op except its kernels. Not here: the mean over a batch,
// which the losses of nn take.
#include <retrograd/ops.h>

#include "core/fail.h"
#include "ops/cross_entropy.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

// logits [N, K], labels [N] -> loss [N]
std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_floating(args, 0);
  expect_index(args, 1);
  const TensorType& logits = args.inputs[0];
  const TensorType& labels = args.inputs[1];
  if (logits.shape.rank() != 2 || logits.shape[1] == 0) {
    fail(ErrorKind::shape, "cross_entropy_with_logits: the logits are {}; expected [N, K] with K classes",
         logits.to_string());
  }
  if (labels.shape != Shape{logits.shape[0]}) {
    fail(ErrorKind::shape,
         "cross_entropy_with_logits: labels {} for logits {}; expected one label a row, [{}]",
         labels.to_string(), logits.to_string(), logits.shape[0]);
  }
  return {{logits.dtype, labels.shape}};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const Array at_label = one_hot(e.x(1), e.x(0).shape()[1], DType::boolean);
  return {negative(sum(where(at_label, log_softmax(e.x(0), 1), 0.0), 1))};
}

// dlogits = (softmax(logits) - one_hot(labels)) dy
std::vector<Array> vjp(const VjpArgs& v) {
  return {cross_entropy_with_logits_gradient(v.x(0), v.x(1), v.dy()), {}};
}

}  // namespace

extern constinit const OpDef cross_entropy_with_logits_op{
    .name = "cross_entropy_with_logits",
    .summary = "The cross-entropy of each row's softmax with its label.",
    .equation = "y_n = -ln softmax(x_n)[label_n] = ln sum_k exp(x_nk) - x_n[label_n]",
    .latex = R"(y_n = -\ln \frac{e^{x_{n,t_n}}}{\sum_k e^{x_{nk}}})",
    .source = "Goodfellow, Bengio, Courville 2016, 6.2.2.3",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .traits = {.check = true},
    .convention = "A label outside [0, K) is a fault: nothing is updated.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{5, 4}, {5}}, .low = 0, .high = 4, .dtypes = {DType::f64, DType::i32}},
              {.shapes = {{2, 3}, {2}}, .low = 0, .high = 3, .dtypes = {DType::f64, DType::i64}}};
        },
};

}  // namespace ops

Array cross_entropy_with_logits(const Array& logits, const Array& labels) {
  return apply1(ops::cross_entropy_with_logits_op, {logits, labels});
}

}  // namespace retrograd
