// Losses of classes that exclude one another. binary_cross_entropy is in losses.cpp.
#include <retrograd/losses.h>
#include <retrograd/ops.h>

#include <cmath>
#include <vector>

#include "core/fail.h"
#include "nn/loss_targets.h"

// N samples, K classes.
namespace retrograd::nn {
namespace {

void check_logits(const char* loss, const Array& logits) {
  check_loss_output(loss, logits);
  if (logits.rank() != 2 || logits.shape()[1] < 2) {
    fail(ErrorKind::shape, "{}: logits are {}; expected [batch, classes] with 2 classes or more", loss,
         logits.shape().to_string());
  }
}

// [N, T, K] with labels [N, T]: the mean over the steps of each sample.
bool has_steps(const Array& logits, const Array& t) {
  return logits.rank() == 3 && is_integer(t.dtype()) && t.rank() == 2 && t.shape()[0] == logits.shape()[0] &&
         t.shape()[1] == logits.shape()[1];
}

Array mean_over_steps(const Array& logits, const Array& t, const CrossEntropyOptions& options) {
  const Shape& s = logits.shape();
  const Array steps =
      cross_entropies(reshape(logits, {s[0] * s[1], s[2]}), reshape(t, {s[0] * s[1]}), options);
  return mean(reshape(steps, {s[0], s[1]}), 1);
}

bool are_labels(const Array& t) { return !is_floating(t.dtype()) && t.rank() == 1; }

void check_options(const Array& logits, const CrossEntropyOptions& options) {
  const double s = options.label_smoothing;
  if (!(s >= 0.0 && s < 1.0)) {
    fail(ErrorKind::argument, "cross_entropy: label smoothing is {}; expected 0 <= label smoothing < 1", s);
  }
  const Array& weights = options.class_weights;
  if (weights.empty()) return;
  const TensorType expected{logits.dtype(), Shape{logits.shape()[1]}};
  if (weights.type() == expected) return;
  fail(weights.dtype() == logits.dtype() ? ErrorKind::shape : ErrorKind::dtype,
       "cross_entropy: class weights are {}, expected {}", weights.type().to_string(), expected.to_string());
}

}  // namespace

Array cross_entropies(const Array& logits, const Array& t) {
  if (has_steps(logits, t)) return mean_over_steps(logits, t, {});
  check_logits("cross_entropy", logits);
  if (is_integer(t.dtype()) && t.rank() == 1 && t.shape()[0] == logits.shape()[0]) {
    return cross_entropy_with_logits(logits, t.dtype() == DType::u8 ? cast(t, DType::i32) : t);
  }
  return -sum(loss_targets("cross_entropy", logits, t) * log_softmax(logits), 1);
}
Array cross_entropy(const Array& logits, const Array& t) { return mean(cross_entropies(logits, t)); }

Array cross_entropies(const Array& logits, const Array& t, const CrossEntropyOptions& options) {
  if (has_steps(logits, t)) return mean_over_steps(logits, t, options);
  check_logits("cross_entropy", logits);
  check_options(logits, options);
  const double s = options.label_smoothing;
  if (s == 0.0 && options.class_weights.empty()) return cross_entropies(logits, t);
  Array target = loss_targets("cross_entropy", logits, t);
  if (s > 0.0) target = target * (1.0 - s) + s / static_cast<double>(logits.shape()[1]);
  if (!options.class_weights.empty()) target = target * options.class_weights;
  return -sum(target * log_softmax(logits), 1);
}
Array cross_entropy(const Array& logits, const Array& t, const CrossEntropyOptions& options) {
  return mean(cross_entropies(logits, t, options));
}

Array balanced_class_weights(std::span<const std::int64_t> counts, DType dtype) {
  double total = 0.0;
  for (const std::int64_t count : counts) {
    if (count < 0) fail(ErrorKind::argument, "balanced_class_weights: a class has {} samples", count);
    total += static_cast<double>(count);
  }
  if (total == 0.0) fail(ErrorKind::argument, "balanced_class_weights: there are no samples");
  if (dtype != DType::f32 && dtype != DType::f64) {
    fail(ErrorKind::dtype, "balanced_class_weights: weights are f32 or f64, not {}", retrograd::name(dtype));
  }
  std::vector<double> weights;
  const double classes = static_cast<double>(counts.size());
  for (const std::int64_t count : counts) {
    weights.push_back(count == 0 ? 0.0 : total / (classes * static_cast<double>(count)));
  }
  const Shape shape{static_cast<std::int64_t>(weights.size())};
  if (dtype == DType::f64) return Array::from(weights, shape);
  return Array::from(std::vector<float>(weights.begin(), weights.end()), shape);
}

// (1 - p)^gamma as exp(gamma log(1 - p)), with 1 - p kept above a tiny number: there the loss is 0 in effect
// and no derivative passes.
Array focals(const Array& logits, const Array& t, double gamma) {
  if (!std::isfinite(gamma) || gamma < 0.0) {
    fail(ErrorKind::argument, "focal: gamma is {}; expected a finite number, at least 0", gamma);
  }
  check_logits("focal", logits);
  const Array target = loss_targets("focal", logits, t);
  const Array log_p = log_softmax(logits);
  if (gamma == 0.0) return -sum(target * log_p, 1);
  const Array rest = 1.0 - exp(log_p);
  const Array factor = gamma == 2.0 ? square(rest) : exp(gamma * log(maximum(rest, 1e-30)));
  return -sum(target * factor * log_p, 1);
}
Array focal(const Array& logits, const Array& t, double gamma) { return mean(focals(logits, t, gamma)); }

Array kl_divergences(const Array& logits, const Array& t) {
  check_logits("kl_divergence", logits);
  const Array target = loss_targets("kl_divergence", logits, t);
  const Array log_target = log(where(greater(target, 0.0), target, 1.0));
  return sum(target * (log_target - log_softmax(logits)), 1);
}
Array kl_divergence(const Array& logits, const Array& t) { return mean(kl_divergences(logits, t)); }

Array hinges(const Array& y, const Array& t) {
  check_loss_output("hinge", y);
  const Array rows = loss_rows(y);
  const Array target = loss_targets("hinge", rows, t);
  if (are_labels(t) && rows.shape()[1] > 1) {
    const Array own = sum(target * rows, 1, true);
    return sum((1.0 - target) * relu(rows - own + 1.0), 1);
  }
  const Array signs = is_floating(t.dtype()) ? target : target * 2.0 - 1.0;
  return sum(relu(1.0 - signs * rows), 1);
}
Array hinge(const Array& y, const Array& t) { return mean(hinges(y, t)); }

}  // namespace retrograd::nn
