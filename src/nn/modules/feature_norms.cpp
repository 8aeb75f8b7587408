// layer_norm and rms_norm: over the features of a sample. batch_norm is in batch_norm.cpp.
#include <retrograd/norms.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/norm_checks.h"

namespace retrograd::nn {
namespace {

void check_last_axis(const Module& module, const Array& x, std::int64_t features) {
  if (x.rank() >= 2 && x.shape()[x.rank() - 1] == features) return;
  fail(ErrorKind::shape, "{}: got {}, expected [batch, ..., {}]", module.name(), x.shape().to_string(),
       features);
}

// x / sqrt(mean of x^2 + epsilon) over the last axis.
Array over_root_mean_square(const Array& x, double epsilon) {
  return x / sqrt(mean(square(x), -1, true) + epsilon);
}

}  // namespace

LayerNorm::LayerNorm(std::int64_t features, const NormOptions& options)
    : Module("layer_norm"), features_(features), options_(options) {
  check_norm("LayerNorm", features, options.epsilon);
  weight_ = add_parameter("weight", {features}, options.dtype, Initialiser::constant(1.0), {});
  bias_ = add_parameter("bias", {features}, options.dtype, Initialiser::zeros(), {});
}
std::string LayerNorm::text() const { return norm_text("layer_norm", options_.epsilon); }
// Mean, differences, squares and their mean, quotient, weight and bias.
std::int64_t LayerNorm::flops(const Shape&, const Shape& output) const { return 7 * output.size(); }
Array LayerNorm::forward(const Array& x) const {
  check_last_axis(*this, x, features_);
  return over_root_mean_square(x - mean(x, -1, true), options_.epsilon) * weight_.read() + bias_.read();
}
std::unique_ptr<Module> LayerNorm::replica() const {
  return std::make_unique<LayerNorm>(features_, options_);
}

RmsNorm::RmsNorm(std::int64_t features, const NormOptions& options)
    : Module("rms_norm"), features_(features), options_(options) {
  check_norm("RmsNorm", features, options.epsilon);
  weight_ = add_parameter("weight", {features}, options.dtype, Initialiser::constant(1.0), {});
}
std::string RmsNorm::text() const { return norm_text("rms_norm", options_.epsilon); }
// Squares and their mean, quotient, weight.
std::int64_t RmsNorm::flops(const Shape&, const Shape& output) const { return 4 * output.size(); }
Array RmsNorm::forward(const Array& x) const {
  check_last_axis(*this, x, features_);
  return over_root_mean_square(x, options_.epsilon) * weight_.read();
}
std::unique_ptr<Module> RmsNorm::replica() const { return std::make_unique<RmsNorm>(features_, options_); }

namespace {

template <typename M, std::int64_t vectors>
std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  if (input.rank() < 1) fail(ErrorKind::shape, "a sample without axes has no features");
  const std::int64_t features = input[input.rank() - 1];
  context.claim(features, vectors);
  return std::make_unique<M>(features, NormOptions{.epsilon = spec.real(0), .dtype = context.dtype()});
}

}  // namespace

extern const LayerDef layer_norm_layer{
    .name = "layer_norm",
    .summary =
        "Mean 0 and variance 1 along the last axis of each sample, then a weight and a bias a feature.",
    .parameters = {{"epsilon", ArgumentType::real, 1e-30, 1.0, false, 1e-5}},
    .make = make<LayerNorm, 2>,
};

extern const LayerDef rms_norm_layer{
    .name = "rms_norm",
    .summary = "Mean square 1 along the last axis of each sample, then a weight for each feature.",
    .parameters = {{"epsilon", ArgumentType::real, 1e-30, 1.0, false, 1e-5}},
    .make = make<RmsNorm, 1>,
};

}  // namespace retrograd::nn
