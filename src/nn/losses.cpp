// Losses: of a batch, of each sample, and by name.
#include <retrograd/losses.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include <string>
#include <vector>

#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::nn {
namespace {

// y [N, ...] as [N, outputs].
Array rows(const Array& y) {
  std::int64_t outputs = 1;
  for (int axis = 1; axis < y.rank(); ++axis) outputs *= y.shape()[axis];
  return y.rank() == 2 ? y : reshape(y, Shape{y.shape()[0], outputs});
}

[[noreturn]] void fail_targets(const char* loss, const Array& y, const Array& t, const char* remedy = "") {
  fail(ErrorKind::shape, "{}: targets {} do not fit outputs {}{}", loss, t.type().to_string(),
       y.type().to_string(), remedy);
}

void check_output(const char* loss, const Array& y) {
  if (y.rank() < 1) fail(ErrorKind::shape, "{}: got a scalar, expected [batch, ...]", loss);
  if (!is_floating(y.dtype())) {
    fail(ErrorKind::dtype, "{}: outputs are {}; expected f32 or f64", loss, retrograd::name(y.dtype()));
  }
}

// Targets t as numbers of the type of y [N, K]. The header tells what they may be.
Array numbers(const char* loss, const Array& y, const Array& t) {
  if (t.rank() < 1 || t.shape()[0] != y.shape()[0])
    fail_targets(loss, y, t, "; the numbers of samples differ");
  const std::int64_t outputs = y.shape()[1];
  const bool row = t.rank() == 1;
  if (!is_floating(t.dtype()) && row && outputs > 1) return one_hot(t, outputs, y.dtype());
  const Array flat = rows(t);
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

// y - t as [N, outputs]
Array residuals(const char* loss, const Array& y, const Array& t) {
  check_output(loss, y);
  const Array output = rows(y);
  return output - numbers(loss, output, t);
}

constexpr Loss table[] = {
    {"half_squared_error", "1/2 sum (y - t)^2 over the outputs.", half_squared_errors, ""},
    {"mse", "The mean over the outputs of (y - t)^2.", mean_squared_errors, ""},
    {"mae", "The mean over the outputs of |y - t|.", mean_absolute_errors, ""},
    {"cross_entropy", "-sum t log softmax(z), for classes that exclude one another.", cross_entropies,
     "softmax"},
    {"binary_cross_entropy", "-sum t log s + (1 - t) log(1 - s), s = sigmoid(z), for each output alone.",
     binary_cross_entropies, "sigmoid"},
};

}  // namespace

Array half_squared_errors(const Array& y, const Array& t) {
  return sum(square(residuals("half_squared_error", y, t)), 1) * 0.5;
}
Array half_squared_error(const Array& y, const Array& t) { return mean(half_squared_errors(y, t)); }

Array mean_squared_errors(const Array& y, const Array& t) { return mean(square(residuals("mse", y, t)), 1); }
Array mse(const Array& y, const Array& t) { return mean(mean_squared_errors(y, t)); }

Array mean_absolute_errors(const Array& y, const Array& t) { return mean(abs(residuals("mae", y, t)), 1); }
Array mae(const Array& y, const Array& t) { return mean(mean_absolute_errors(y, t)); }

Array cross_entropies(const Array& logits, const Array& t) {
  check_output("cross_entropy", logits);
  if (logits.rank() != 2 || logits.shape()[1] < 2) {
    fail(ErrorKind::shape, "cross_entropy: logits are {}; expected [batch, classes] with 2 classes or more",
         logits.shape().to_string());
  }
  if (is_integer(t.dtype()) && t.rank() == 1 && t.shape()[0] == logits.shape()[0]) {
    return cross_entropy_with_logits(logits, t.dtype() == DType::u8 ? cast(t, DType::i32) : t);
  }
  return -sum(numbers("cross_entropy", logits, t) * log_softmax(logits), 1);
}
Array cross_entropy(const Array& logits, const Array& t) { return mean(cross_entropies(logits, t)); }

// -t log s - (1 - t) log(1 - s) = max(z, 0) - z t + log(1 + exp(-|z|)): nothing overflows. At z = 0 the
// gradients of max and abs are 1/2 and 0, so the sum's is s - t there too.
Array binary_cross_entropies(const Array& logits, const Array& t) {
  check_output("binary_cross_entropy", logits);
  const Array z = rows(logits);
  const Array target = numbers("binary_cross_entropy", z, t);
  return sum(maximum(z, 0.0) - z * target + log(1.0 + exp(-abs(z))), 1);
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

Array model_losses(const Loss& loss, const Sequential& model, const Array& x, const Array& t) {
  const std::string last = model.size() > 0 ? model.children().back()->type_name() : "";
  if (!loss.activation.empty() && (last == "softmax" || last == "sigmoid")) {
    if (last != loss.activation) {
      fail(ErrorKind::argument, "{}: the model ends with {}; leave that layer out, or take {}", loss.name,
           last, last == "sigmoid" ? "binary_cross_entropy" : "cross_entropy");
    }
    return loss.per_sample(model.logits(x), t);
  }
  return loss.per_sample(model(x), t);
}

}  // namespace retrograd::nn
