// huber, quantile, poisson. Squared and absolute errors are in losses.cpp.
#include <retrograd/losses.h>
#include <retrograd/ops.h>

#include <cmath>

#include "core/fail.h"
#include "nn/loss_targets.h"

namespace retrograd::nn {

// Beyond delta the square sees a 0, so that nothing overflows.
Array hubers(const Array& y, const Array& t, double delta) {
  if (!std::isfinite(delta) || delta <= 0.0) {
    fail(ErrorKind::argument, "huber: delta is {}; expected a finite number above 0", delta);
  }
  const Array d = loss_residuals("huber", y, t);
  const Array size = abs(d);
  const Array far = greater(size, delta);
  return sum(where(far, delta * (size - delta / 2), square(where(far, 0.0, d)) * 0.5), 1);
}
Array huber(const Array& y, const Array& t, double delta) { return mean(hubers(y, t, delta)); }

Array quantiles(const Array& y, const Array& t, double q) {
  if (!(q > 0.0 && q < 1.0)) fail(ErrorKind::argument, "quantile: q is {}; expected 0 < q < 1", q);
  const Array excess = loss_residuals("quantile", y, t);
  return sum(maximum(excess * -q, excess * (1.0 - q)), 1);
}
Array quantile(const Array& y, const Array& t, double q) { return mean(quantiles(y, t, q)); }

Array poissons(const Array& z, const Array& t) {
  check_loss_output("poisson", z);
  const Array rows = loss_rows(z);
  return sum(exp(rows) - loss_targets("poisson", rows, t) * rows, 1);
}
Array poisson(const Array& z, const Array& t) { return mean(poissons(z, t)); }

}  // namespace retrograd::nn
