// Penalties of the layers of one forward pass.
#include <retrograd/ops.h>
#include <retrograd/penalties.h>

#include "core/fail.h"

namespace retrograd::nn {

void Penalties::add(const Array& penalty) {
  if (penalty.empty() || !is_floating(penalty.dtype())) {
    fail(ErrorKind::dtype, "Penalties::add: got {}; expected f32 or f64",
         penalty.empty() ? "an empty array" : penalty.type().to_string());
  }
  if (penalty.rank() > 1) {
    fail(ErrorKind::shape,
         "Penalties::add: got {}; expected [batch], a number for each sample, or one number; take its sum",
         penalty.shape().to_string());
  }
  if (!total_.empty() && total_.rank() == 1 && penalty.rank() == 1 && total_.shape() != penalty.shape()) {
    fail(ErrorKind::shape, "Penalties::add: got {} behind penalties {}; they are of one batch",
         penalty.shape().to_string(), total_.shape().to_string());
  }
  total_ = total_.empty() ? penalty : total_ + penalty;
}

}  // namespace retrograd::nn
