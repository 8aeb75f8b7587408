// Losses by name, with their options, and the loss of a model. The equations are in losses.cpp,
// class_losses.cpp and number_losses.cpp.
#include <retrograd/losses.h>
#include <retrograd/nn.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>

#include <string>
#include <vector>

#include "core/call_text.h"
#include "core/fail.h"
#include "core/suggest.h"
#include "nn/loss_targets.h"

namespace retrograd::nn {
namespace {

template <Array (*f)(const Array&, const Array&)>
Array plain(const Array& y, const Array& t, const Loss&) {
  return f(y, t);
}

template <Array (*f)(const Array&, const Array&, double)>
Array with_value(const Array& y, const Array& t, const Loss& loss) {
  return f(y, t, loss.value);
}

// Class weights [K] as an array of the dtype of y.
Array weights_array(const Array& y, const Loss& loss) {
  const Shape shape{static_cast<std::int64_t>(loss.class_weights.size())};
  if (y.dtype() == DType::f64) return Array::from(loss.class_weights, shape);
  return Array::from(std::vector<float>(loss.class_weights.begin(), loss.class_weights.end()), shape);
}

Array smoothed(const Array& y, const Array& t, const Loss& loss) {
  CrossEntropyOptions options{.label_smoothing = loss.label_smoothing};
  if (!loss.class_weights.empty()) options.class_weights = weights_array(y, loss);
  return cross_entropies(y, t, options);
}

std::span<const Loss> table() {
  static const Loss losses[] = {
      {"half_squared_error",
       "1/2 sum (y - t)^2 over the outputs.",
       "",
       "",
       0,
       0,
       {},
       plain<half_squared_errors>},
      {"mse", "The mean over the outputs of (y - t)^2.", "", "", 0, 0, {}, plain<mean_squared_errors>},
      {"mae", "The mean over the outputs of |y - t|.", "", "", 0, 0, {}, plain<mean_absolute_errors>},
      {"huber",
       "1/2 (y - t)^2, and a line from |y - t| = delta on.",
       "",
       "delta",
       1,
       0,
       {},
       with_value<hubers>},
      {"quantile",
       "max(q d, (q - 1) d), d = t - y: least at the q-quantile of t.",
       "",
       "q",
       0.5,
       0,
       {},
       with_value<quantiles>},
      {"poisson",
       "exp(z) - t z, for counts t and the logarithms z of their rates.",
       "exp",
       "",
       0,
       0,
       {},
       plain<poissons>},
      {"cross_entropy",
       "-sum t log softmax(z), for classes that exclude one another.",
       "softmax",
       "",
       0,
       0,
       {},
       smoothed},
      {"binary_cross_entropy",
       "-sum t log s + (1 - t) log(1 - s), s = sigmoid(z), for each output alone.",
       "sigmoid",
       "",
       0,
       0,
       {},
       plain<binary_cross_entropies>},
      {"focal",
       "-sum t (1 - p)^gamma log p, p = softmax(z): cross-entropy of what is not predicted well yet.",
       "softmax",
       "gamma",
       2,
       0,
       {},
       with_value<focals>},
      {"kl_divergence",
       "sum t (log t - log softmax(z)), for distributions t.",
       "softmax",
       "",
       0,
       0,
       {},
       plain<kl_divergences>},
      {"hinge",
       "max(0, 1 - t y); of classes the sum over the others of max(0, 1 + y_j - y_label).",
       "softmax",
       "",
       0,
       0,
       {},
       plain<hinges>},
  };
  return losses;
}

const Loss& entry(std::string_view name) {
  std::vector<std::string> known;
  for (const Loss& entry : table()) {
    if (entry.name == name) return entry;
    known.emplace_back(entry.name);
  }
  const std::string near = suggest(name, known);
  fail(ErrorKind::argument, "loss: \"{}\" is unknown;{}", name,
       near.empty() ? fmt::format(" known are {}", fmt::join(known, ", ")) : near);
}

// The nodes of the loss carry its name, as those of a layer do.
Array losses_in_scope(const Loss& loss, const Array& y, const Array& t) {
  const NameScope scope(loss.name);
  return loss.per_sample(y, t);
}

}  // namespace

Array Loss::per_sample(const Array& y, const Array& t) const {
  const bool is_cross_entropy = name == "cross_entropy";
  if (label_smoothing != 0.0 && !is_cross_entropy) {
    fail(ErrorKind::argument, "{}: has no label smoothing; cross_entropy has", name);
  }
  const Array losses = compute(y, t, *this);
  if (class_weights.empty() || is_cross_entropy) return losses;
  if (!is_integer(t.dtype()) || t.rank() != 1) {
    fail(ErrorKind::argument, "{}: class weights want integer labels [N], not {}", name,
         t.type().to_string());
  }
  const Array own = one_hot(t, static_cast<std::int64_t>(class_weights.size()), y.dtype());
  return losses * sum(own * weights_array(y, *this), 1);
}

std::span<const Loss> losses() { return table(); }

Loss loss(std::string_view text) {
  const CallText call = parse_call("loss", text);
  Loss found = entry(call.name);
  if (call.numbers.empty()) return found;
  if (found.option.empty()) fail(ErrorKind::argument, "loss: {} takes no number", found.name);
  check_call("loss", call, 1, fmt::format("{}({})", found.name, found.option));
  found.value = call.numbers[0];
  const bool share = found.name == "quantile";
  const double least = found.name == "focal" ? 0.0 : 1e-300;
  if (found.value < least || (share && found.value >= 1.0)) {
    fail(ErrorKind::argument, "loss: {}: {} is {}; expected {}", found.name, found.option, found.value,
         share ? "0 < q < 1" : (found.name == "focal" ? "at least 0" : "above 0"));
  }
  return found;
}

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
