// A model and its data in float64, and the gradient check of a model.
#include "explain/float64.h"

#include <retrograd/eval.h>
#include <retrograd/explain.h>
#include <retrograd/model_text.h>
#include <retrograd/ops.h>
#include <retrograd/penalties.h>

#include <vector>

#include "core/fail.h"
#include "explain/formulas.h"

namespace retrograd::explain {

nn::Sequential float64_model(const nn::Sequential& model, const Shape& input_shape) {
  nn::Sequential wide = nn::build_model(model.text(), input_shape, {.dtype = DType::f64});
  nn::copy_values(model, wide);
  const std::vector<Variable> from = model.variables();
  std::vector<Variable> to = wide.variables();
  for (std::size_t i = 0; i < from.size(); ++i) to[i].set_trainable(from[i].trainable());
  return wide;
}

Array float64_values(const Array& values) {
  return Array::from(std::span<const double>(values.to_vector<double>()), values.shape());
}

Targets float64_targets(const Array& t, std::int64_t outputs, std::string_view loss) {
  Targets targets;
  if (is_integer(t.dtype()) && t.rank() == 1 && outputs > 1) {
    targets.shown = one_hot(t, outputs, DType::f64);
    eval({targets.shown});
  } else if (t.rank() < 1 || t.size() != t.shape()[0] * outputs) {
    fail(ErrorKind::shape, "explain: targets {} do not fit a network of {} outputs", t.type().to_string(),
         outputs);
  } else {
    const std::vector<double> values = t.to_vector<double>();
    targets.shown = Array::from(std::span<const double>(values), Shape{t.shape()[0], outputs});
  }
  targets.for_loss = is_integer(t.dtype()) && !takes_one_hot(loss) ? t : targets.shown;
  return targets;
}

Shape sample_shape(const Array& x) {
  if (x.empty() || x.rank() < 2 || x.shape()[0] < 1) {
    fail(ErrorKind::shape, "explain: inputs are {}; expected [samples, ...]",
         x.empty() ? "empty" : x.type().to_string());
  }
  return Shape(std::span<const std::int64_t>(x.shape().begin() + 1, x.shape().end()));
}

GradientCheck check_model(const nn::Sequential& model, const Array& x, const Array& t, std::string_view loss,
                          const GradientCheckOptions& options) {
  const nn::Loss& chosen = nn::loss(loss);
  const nn::Sequential wide = float64_model(model, sample_shape(x));
  const Array inputs = float64_values(x);
  const Array targets = is_floating(t.dtype()) ? float64_values(t) : t;
  const auto error = [&] {
    nn::Penalties penalties;
    const nn::PenaltiesScope layers_hand_in(penalties);
    const Array losses = nn::model_losses(chosen, wide, inputs, targets);
    return mean(penalties.empty() ? losses : losses + penalties.total());
  };
  return check_gradients(error, wide.parameters(), options);
}

}  // namespace retrograd::explain
