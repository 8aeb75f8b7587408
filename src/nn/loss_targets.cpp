// Outputs and targets brought into one form.
#include "nn/loss_targets.h"

#include <retrograd/ops.h>

#include "core/fail.h"

namespace retrograd::nn {
namespace {

[[noreturn]] void fail_targets(const char* loss, const Array& y, const Array& t, const char* remedy = "") {
  fail(ErrorKind::shape, "{}: targets {} do not fit outputs {}{}", loss, t.type().to_string(),
       y.type().to_string(), remedy);
}

}  // namespace

Array loss_rows(const Array& y) {
  std::int64_t outputs = 1;
  for (int axis = 1; axis < y.rank(); ++axis) outputs *= y.shape()[axis];
  return y.rank() == 2 ? y : reshape(y, Shape{y.shape()[0], outputs});
}

void check_loss_output(const char* loss, const Array& y) {
  if (y.rank() < 1) fail(ErrorKind::shape, "{}: got a scalar, expected [batch, ...]", loss);
  if (!is_floating(y.dtype())) {
    fail(ErrorKind::dtype, "{}: outputs are {}; expected f32 or f64", loss, retrograd::name(y.dtype()));
  }
}

Array loss_targets(const char* loss, const Array& y, const Array& t) {
  if (t.rank() < 1 || t.shape()[0] != y.shape()[0])
    fail_targets(loss, y, t, "; the numbers of samples differ");
  const std::int64_t outputs = y.shape()[1];
  const bool row = t.rank() == 1;
  if (!is_floating(t.dtype()) && row && outputs > 1) return one_hot(t, outputs, y.dtype());
  const Array flat = loss_rows(t);
  if (flat.shape() != y.shape()) {
    fail_targets(loss, y, t,
                 outputs == 1 ? "; the model has one output" : "; the last layer's units must match");
  }
  if (!is_floating(t.dtype())) return cast(flat, y.dtype());
  if (t.dtype() != y.dtype()) {
    fail(ErrorKind::dtype, "{}: targets are {}, outputs {}; cast() one of them", loss,
         retrograd::name(t.dtype()), retrograd::name(y.dtype()));
  }
  return flat;
}

Array loss_residuals(const char* loss, const Array& y, const Array& t) {
  check_loss_output(loss, y);
  const Array output = loss_rows(y);
  return output - loss_targets(loss, output, t);
}

}  // namespace retrograd::nn
