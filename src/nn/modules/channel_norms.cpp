// group_norm and instance_norm: over channels of a sample. batch_norm is in batch_norm.cpp.
#include <retrograd/image_layers.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/image_checks.h"
#include "nn/modules/norm_checks.h"

namespace retrograd::nn {
namespace {

// Mean 0 and variance 1 over each group of channels of x [N, C, ...].
Array normalised(const Array& x, std::int64_t groups, double epsilon) {
  const Array apart = reshape(x, Shape{x.shape()[0], groups, x.size() / x.shape()[0] / groups});
  const Array centred = apart - mean(apart, -1, true);
  return reshape(centred / sqrt(mean(square(centred), -1, true) + epsilon), x.shape());
}

}  // namespace

GroupNorm::GroupNorm(std::int64_t groups, std::int64_t channels, const NormOptions& options)
    : Module("group_norm"), groups_(groups), channels_(channels), options_(options) {
  check_norm("GroupNorm", channels, options.epsilon);
  if (groups < 1 || channels % groups != 0) {
    fail(ErrorKind::argument, "GroupNorm: {} groups do not divide {} channels", groups, channels);
  }
  weight_ = add_parameter("weight", {channels}, options.dtype, Initialiser::constant(1.0), {});
  bias_ = add_parameter("bias", {channels}, options.dtype, Initialiser::zeros(), {});
}
std::string GroupNorm::text() const {
  return options_.epsilon == 1e-5 ? fmt::format("group_norm({})", groups_)
                                  : fmt::format("group_norm({}, {})", groups_, options_.epsilon);
}
std::int64_t GroupNorm::flops(const Shape&, const Shape& output) const { return 7 * output.size(); }
Array GroupNorm::forward(const Array& x) const {
  check_channels(*this, x, channels_);
  return normalised(x, groups_, options_.epsilon) * along_channels(weight_, x) + along_channels(bias_, x);
}
std::unique_ptr<Module> GroupNorm::replica() const {
  return std::make_unique<GroupNorm>(groups_, channels_, options_);
}

InstanceNorm::InstanceNorm(std::int64_t channels, const NormOptions& options)
    : Module("instance_norm"), channels_(channels), options_(options) {
  check_norm("InstanceNorm", channels, options.epsilon);
  weight_ = add_parameter("weight", {channels}, options.dtype, Initialiser::constant(1.0), {});
  bias_ = add_parameter("bias", {channels}, options.dtype, Initialiser::zeros(), {});
}
std::string InstanceNorm::text() const { return norm_text("instance_norm", options_.epsilon); }
std::int64_t InstanceNorm::flops(const Shape&, const Shape& output) const { return 7 * output.size(); }
Array InstanceNorm::forward(const Array& x) const {
  check_channels(*this, x, channels_);
  return normalised(x, channels_, options_.epsilon) * along_channels(weight_, x) + along_channels(bias_, x);
}
std::unique_ptr<Module> InstanceNorm::replica() const {
  return std::make_unique<InstanceNorm>(channels_, options_);
}

namespace {

std::unique_ptr<Module> make_group(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  image_extents(input);
  context.claim(input[0], 2);
  return std::make_unique<GroupNorm>(spec.integer(0), input[0],
                                     NormOptions{.epsilon = spec.real(1), .dtype = context.dtype()});
}
std::unique_ptr<Module> make_instance(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  image_extents(input);
  context.claim(input[0], 2);
  return std::make_unique<InstanceNorm>(input[0],
                                        NormOptions{.epsilon = spec.real(0), .dtype = context.dtype()});
}

const LayerParameter epsilon{"epsilon", ArgumentType::real, 1e-30, 1.0, false, 1e-5};

}  // namespace

extern const LayerDef group_norm_layer{
    .name = "group_norm",
    .summary =
        "Mean 0 and variance 1 of each group of channels of each sample, then a weight and a bias a channel.",
    .parameters = {{"groups", ArgumentType::integer, 1, 2147483647}, epsilon},
    .make = make_group,
};
extern const LayerDef instance_norm_layer{
    .name = "instance_norm",
    .summary = "Mean 0 and variance 1 of each channel of each sample, then a weight and a bias a channel.",
    .parameters = {epsilon},
    .make = make_instance,
};

}  // namespace retrograd::nn
