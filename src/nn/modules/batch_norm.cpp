// batch_norm: over the samples of a batch, with running statistics. Norms within a sample are in
// feature_norms.cpp.
#include "ops/batch_norm.h"

#include <retrograd/norms.h>
#include <retrograd/op.h>
#include <retrograd/ops.h>
#include <retrograd/trace.h>

#include <vector>

#include "array/node.h"
#include "array/trace_state.h"
#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/norm_checks.h"

// N samples, F features.
namespace retrograd::ops {
extern const OpDef add_op;
extern const OpDef broadcast_to_op;
extern const OpDef convolution_op;
}  // namespace retrograd::ops

namespace retrograd::nn {
namespace {

// v [F] -> [1, F, 1, ...], of the rank of x.
Array along_features(const Array& v, const Array& x) {
  Shape shape;
  for (int axis = 0; axis < x.rank(); ++axis) shape.push_back(axis == 1 ? v.size() : 1);
  return reshape(v, shape);
}

// The weights [N] of the samples of x, in its dtype.
Array weights_of(const Array& x) {
  const Array* given = sample_weights();
  if (given == nullptr) return ones({x.shape()[0]}, x.dtype());
  return given->dtype() == x.dtype() ? *given : cast(*given, x.dtype());
}

struct Convolved {
  const Node* convolution = nullptr;  // null: there is none
  Array bias;                         // [F]; empty: none was added
};

const Node* convolution_in(const Array& x) {
  const Node* node = x.node().get();
  return node->op == &ops::convolution_op && node->inputs.size() == 2 ? node : nullptr;
}

// What x was made of, where that is a convolution, or one to whose channels a bias was added.
Convolved convolved(const Array& x) {
  if (const Node* node = convolution_in(x)) return {node, {}};
  const Node* sum = x.node().get();
  if (sum->op != &ops::add_op || sum->inputs.size() != 2) return {};
  const Node* node = convolution_in(sum->inputs[0]);
  const Node* wide = sum->inputs[1].node().get();
  if (node == nullptr || wide->op != &ops::broadcast_to_op || wide->inputs.size() != 1) return {};
  const Array& bias = wide->inputs[0];  // [1, F, 1, ...]
  const std::int64_t features = x.shape()[1];
  if (bias.rank() != x.rank() || bias.shape()[1] != features || bias.size() != features) return {};
  return {node, reshape(bias, {features})};
}

// The convolution with output f times scale[f]: the weights are scaled in its place.
Array scaled_convolution(const Node& node, const Array& scale) {
  const Array& weights = node.inputs[1];  // [F, channels, kernel...]
  Shape shape{scale.size()};
  while (shape.rank() < weights.rank()) shape.push_back(1);
  const Array scaled = weights * reshape(scale, shape);
  const SameScope scope(node.scope);
  return apply1(ops::convolution_op, {node.inputs[0], scaled}, node.attributes);
}

}  // namespace

BatchNorm::BatchNorm(std::int64_t features, const BatchNormOptions& options)
    : Module("batch_norm"), features_(features), options_(options) {
  check_norm("BatchNorm", features, options.epsilon);
  if (!(options.momentum > 0.0 && options.momentum <= 1.0)) {
    fail(ErrorKind::argument, "BatchNorm: momentum is {}; expected 0 < momentum <= 1", options.momentum);
  }
  const auto filled = [&](double value) {
    return Initialiser::constant(value).draw({features}, options.dtype, {}, 0, 0);
  };
  weight_ = add_parameter("weight", {features}, options.dtype, Initialiser::constant(1.0), {});
  bias_ = add_parameter("bias", {features}, options.dtype, Initialiser::zeros(), {});
  running_mean_ = add_state("running_mean", filled(0.0));
  running_variance_ = add_state("running_variance", filled(1.0));
}

std::string BatchNorm::text() const {
  if (options_.momentum == 0.1) return norm_text("batch_norm", options_.epsilon);
  return fmt::format("batch_norm({}, {})", options_.epsilon, options_.momentum);
}

// In evaluation: a difference, a quotient, weight and bias.
std::int64_t BatchNorm::flops(const Shape&, const Shape& output) const { return 4 * output.size(); }

Array BatchNorm::normalised_by_batch(const Array& x) const {
  if (x.size() == features_) {
    fail(ErrorKind::shape,
         "{}: a batch {} has one number for each feature, without a spread; take a larger batch", name(),
         x.shape().to_string());
  }
  const Array weights = weights_of(x);
  const BatchNormalised batch = batch_norm(x, weight_, bias_, weights, options_.epsilon);
  if (current_trace() != nullptr) {
    const Array count = sum(weights) * static_cast<double>(x.size() / x.shape()[0] / features_);
    const Array enough = greater(count, 1.0);
    const auto move = [&](const Variable& running, const Array& value) {
      const Array before = running.next();
      const Array after = before + options_.momentum * (value - before);
      running.set_next(where(enough, after, before));
    };
    move(running_mean_, batch.mean);
    move(running_variance_, batch.variance * (count / maximum(count - 1.0, 1.0)));
  }
  return batch.y;
}

Array BatchNorm::forward(const Array& x) const {
  if (x.rank() < 2 || x.shape()[1] != features_) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, {}, ...]", name(), x.shape().to_string(), features_);
  }
  if (mode() == Mode::training) return normalised_by_batch(x);
  const Array scale = weight_ / sqrt(running_variance_ + options_.epsilon);
  // Behind a convolution the norm is one with other weights and another bias: no step over x is left. Scaling
  // the weights at each call pays where they are no more than what comes out.
  const Convolved before = convolved(x);
  if (before.convolution != nullptr && before.convolution->inputs[1].size() <= x.size()) {
    const Array centre = before.bias.empty() ? running_mean_.read() : running_mean_.read() - before.bias;
    return scaled_convolution(*before.convolution, scale) + along_features(bias_ - centre * scale, x);
  }
  return (x - along_features(running_mean_, x)) * along_features(scale, x) + along_features(bias_, x);
}

std::unique_ptr<Module> BatchNorm::replica() const {
  return std::make_unique<BatchNorm>(features_, options_);
}

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() < 1) fail(ErrorKind::shape, "a sample without axes has no features");
  context.claim(input[0], 4);
  return std::make_unique<BatchNorm>(
      input[0],
      BatchNormOptions{.epsilon = spec.real(0), .momentum = spec.real(1), .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef batch_norm_layer{
    .name = "batch_norm",
    .summary =
        "Mean 0 and variance 1 of each feature over the batch, then a weight and a bias; running "
        "statistics in evaluation.",
    .parameters = {{"epsilon", ArgumentType::real, 1e-30, 1.0, false, 1e-5},
                   {"momentum", ArgumentType::real, 1e-9, 1.0, false, 0.1}},
    .make = make,
};

}  // namespace retrograd::nn
