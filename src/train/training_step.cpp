// One step of training as a compiled function.
#include "train/training_step.h"

#include <retrograd/gradients.h>
#include <retrograd/ops.h>
#include <retrograd/penalties.h>

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "array/node.h"
#include "core/fail.h"

namespace retrograd::train {
namespace {

class StepFunction final : public TracedFunction {
 public:
  explicit StepFunction(const StepParts& parts) : parts_(parts) {}

  // x, t, w, a flag [1] or [0] -> the loss, the loss with penalties, which is checked, and for [1] the norm
  // of the gradient; all of rank 0.
  std::vector<Array> trace(std::span<const Array> inputs) override {
    const GeneratorScope generator(*parts_.generator);
    std::optional<nn::CarriedStateScope> carried;
    if (parts_.carried != nullptr) carried.emplace(*parts_.carried);
    const nn::Sequential& model = *parts_.model;
    const Array x = in_model_dtype(model, inputs[0]);
    const Array t = is_floating(inputs[1].dtype()) ? in_model_dtype(model, inputs[1]) : inputs[1];
    const Array w = in_model_dtype(model, inputs[2]);

    const nn::SampleWeightsScope sample_weights(w);  // padding has no part in batch norm
    nn::Penalties penalties;
    const nn::PenaltiesScope layers_hand_in(penalties);
    const Array losses = nn::model_losses(*parts_.loss, model, x, t);
    const Array loss = nn::weighted_mean(losses, w);
    const std::vector<Variable> parameters = model.parameters();
    Array total = penalties.empty() ? loss : nn::weighted_mean(losses + penalties.total(), w);
    if (parts_.l1 > 0) total = total + nn::l1_penalty(parameters) * parts_.l1;
    if (parts_.l2 > 0) total = total + nn::l2_penalty(parameters) * parts_.l2;
    total = check_finite(total);
    std::vector<Variable> trained = parameters;
    std::erase_if(trained, [](const Variable& parameter) { return !parameter.trainable(); });
    const std::vector<Array> slopes = gradients(total, trained);
    if (parts_.accumulation != nullptr) {
      parts_.accumulation->update(trained, slopes);
    } else {
      parts_.optimizer->update(trained, slopes);
    }
    if (parts_.average != nullptr) parts_.average->update(parameters);
    if (inputs[3].shape().size() == 0) return {loss, total};
    return {loss, total, optim::global_norm(slopes)};
  }

 private:
  StepParts parts_;
};

Array flag(std::int64_t size) {
  return make_leaf({DType::boolean, {size}}, std::make_shared<Buffer>(static_cast<std::size_t>(size)));
}

DType dtype_of(const nn::Sequential& model) {
  const std::vector<Variable> parameters = model.parameters();
  return parameters.empty() ? DType::f32 : parameters.front().dtype();
}

StepParts checked(const StepParts& parts) {
  const DType dtype = dtype_of(*parts.model);
  if (parts.precision != Precision::full && dtype != DType::f32) {
    fail(ErrorKind::argument, "precision: products of bf16 want a model in f32, this one is in {}",
         name(dtype));
  }
  return parts;
}

// The number in an evaluated array of rank 0.
double number(const Array& scalar) {
  const Buffer& buffer = *scalar.node()->outputs[static_cast<std::size_t>(scalar.output())].value;
  return scalar.dtype() == DType::f64 ? buffer.as<double>()[0] : static_cast<double>(buffer.as<float>()[0]);
}

}  // namespace

Array in_model_dtype(const nn::Sequential& model, const Array& x) {
  const DType dtype = dtype_of(model);
  return x.dtype() == dtype ? x : cast(x, dtype);
}

TrainingStep::TrainingStep(const StepParts& parts)
    : function_(std::make_unique<StepFunction>(checked(parts)),
                CompileOptions{.mode = Mode::training, .precision = parts.precision}),
      with_norm_(flag(1)),
      without_norm_(flag(0)) {}

TrainingStep::Outcome TrainingStep::operator()(const BatchBuffer& batch, bool with_norm) {
  const std::array<Array, 4> inputs{batch.inputs(), batch.targets(), batch.weights(),
                                    with_norm ? with_norm_ : without_norm_};
  std::array<Array, 3> outputs;
  function_.call(inputs, std::span(outputs).first(with_norm ? 3 : 2));
  return {number(outputs[0]), with_norm ? number(outputs[2]) : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace retrograd::train
