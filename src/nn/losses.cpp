// Losses by name, penalties, and the plain losses. Those of classes are in class_losses.cpp, those of numbers
// that are no squares in number_losses.cpp.
#include <retrograd/losses.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>

#include <string>
#include <vector>

#include "core/fail.h"
#include "core/suggest.h"
#include "nn/loss_targets.h"

namespace retrograd::nn {
namespace {

constexpr Loss table[] = {
    {"half_squared_error", "1/2 sum (y - t)^2 over the outputs.", half_squared_errors, ""},
    {"mse", "The mean over the outputs of (y - t)^2.", mean_squared_errors, ""},
    {"mae", "The mean over the outputs of |y - t|.", mean_absolute_errors, ""},
    {"huber", "1/2 (y - t)^2, and a line from |y - t| = 1 on.",
     [](const Array& y, const Array& t) { return hubers(y, t); }, ""},
    {"quantile", "max(q d, (q - 1) d), d = t - y, at the median: q = 1/2.",
     [](const Array& y, const Array& t) { return quantiles(y, t); }, ""},
    {"poisson", "exp(z) - t z, for counts t and the logarithms z of their rates.", poissons, ""},
    {"cross_entropy", "-sum t log softmax(z), for classes that exclude one another.",
     [](const Array& z, const Array& t) { return cross_entropies(z, t); }, "softmax"},
    {"binary_cross_entropy", "-sum t log s + (1 - t) log(1 - s), s = sigmoid(z), for each output alone.",
     binary_cross_entropies, "sigmoid"},
    {"focal", "-sum t (1 - p)^2 log p, p = softmax(z): cross-entropy of what is not predicted well yet.",
     [](const Array& z, const Array& t) { return focals(z, t); }, "softmax"},
    {"kl_divergence", "sum t (log t - log softmax(z)), for distributions t.", kl_divergences, "softmax"},
    {"hinge", "max(0, 1 - t y); of classes the sum over the others of max(0, 1 + y_j - y_label).", hinges,
     "softmax"},
};

}  // namespace

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

std::span<const Loss> losses() { return table; }

const Loss& loss(std::string_view name) {
  std::vector<std::string> known;
  for (const Loss& entry : table) {
    if (entry.name == name) return entry;
    known.emplace_back(entry.name);
  }
  const std::string near = suggest(name, known);
  fail(ErrorKind::argument, "loss: \"{}\" is unknown;{}", name,
       near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near);
}

namespace {

// The nodes of the loss carry its name, as those of a layer do.
Array losses_in_scope(const Loss& loss, const Array& y, const Array& t) {
  const NameScope scope(loss.name);
  return loss.per_sample(y, t);
}

}  // namespace

Array model_losses(const Loss& loss, const Sequential& model, const Array& x, const Array& t) {
  const std::string last = model.size() > 0 ? model.children().back()->type_name() : "";
  if (!loss.activation.empty() && (last == "softmax" || last == "sigmoid")) {
    if (last != loss.activation) {
      fail(ErrorKind::argument, "{}: the model ends with {}; leave that layer out, or take {}", loss.name,
           last, last == "sigmoid" ? "binary_cross_entropy" : "cross_entropy");
    }
    return losses_in_scope(loss, model.logits(x), t);
  }
  return losses_in_scope(loss, model(x), t);
}

}  // namespace retrograd::nn
