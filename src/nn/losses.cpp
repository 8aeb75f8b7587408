// Penalties and the plain losses. Losses by name are in loss_table.cpp, those of classes in class_losses.cpp,
// those of numbers that are no squares in number_losses.cpp.
#include <retrograd/losses.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/loss_targets.h"

namespace retrograd::nn {
Array half_squared_errors(const Array& y, const Array& t) {
  return sum(square(loss_residuals("half_squared_error", y, t)), 1) * 0.5;
}
Array half_squared_error(const Array& y, const Array& t) { return mean(half_squared_errors(y, t)); }

Array mean_squared_errors(const Array& y, const Array& t) {
  return mean(square(loss_residuals("mse", y, t)), 1);
}
Array mse(const Array& y, const Array& t) { return mean(mean_squared_errors(y, t)); }

Array mean_absolute_errors(const Array& y, const Array& t) {
  return mean(abs(loss_residuals("mae", y, t)), 1);
}
Array mae(const Array& y, const Array& t) { return mean(mean_absolute_errors(y, t)); }

// -t log s - (1 - t) log(1 - s) = max(z, 0) - z t + log1p(exp(-|z|)): nothing overflows. At z = 0 the
// gradients of max and abs are 1/2 and 0, so the sum's is s - t there too.
Array binary_cross_entropies(const Array& logits, const Array& t) {
  check_loss_output("binary_cross_entropy", logits);
  const Array z = loss_rows(logits);
  const Array target = loss_targets("binary_cross_entropy", z, t);
  return sum(maximum(z, 0.0) - z * target + log1p(exp(-abs(z))), 1);
}
Array binary_cross_entropy(const Array& logits, const Array& t) {
  return mean(binary_cross_entropies(logits, t));
}

Array weighted_mean(const Array& losses, const Array& weights) {
  if (losses.shape() != weights.shape()) {
    fail(ErrorKind::shape, "weighted_mean: weights {} do not fit losses {}", weights.shape().to_string(),
         losses.shape().to_string());
  }
  return sum(losses * weights) / sum(weights);
}

namespace {

Array penalty(std::span<const Variable> parameters, bool squares) {
  Array total;
  for (const Variable& parameter : parameters) {
    if (parameter.shape().rank() < 2) continue;
    const Array w = parameter.read();
    const Array term = squares ? sum(square(w)) * 0.5 : sum(abs(w));
    total = total.empty() ? term : total + term;
  }
  if (total.empty()) fail(ErrorKind::argument, "penalty: no weights among {} parameters", parameters.size());
  return total;
}

}  // namespace

Array l2_penalty(std::span<const Variable> parameters) { return penalty(parameters, true); }
Array l1_penalty(std::span<const Variable> parameters) { return penalty(parameters, false); }

}  // namespace retrograd::nn
