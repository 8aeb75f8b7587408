// Layers for images N C W, N C H W or N C D H W: convolution, pooling, up-sampling, norms over channels,
// dropout of channels. The ops are in <retrograd/convolution.h>, <retrograd/pooling.h> and
// <retrograd/resampling.h>; BatchNorm is in <retrograd/norms.h>.
#pragma once

#include <retrograd/convolution.h>
#include <retrograd/module.h>
#include <retrograd/norms.h>
#include <retrograd/pooling.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace retrograd::nn {

struct ConvOptions {
  std::vector<std::int64_t> stride = {1};
  Padding padding = {};
  std::vector<std::int64_t> dilation = {1};
  std::int64_t groups = 1;  // as many as channels: depthwise
  bool bias = true;
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// z = convolution(x, w) + b: x [N, channels, spatial...], w [filters, channels / groups, size...], b
// [filters].
class Conv : public Module {
 public:
  // `size` has one number for each spatial axis: Conv(1, 20, {5, 5}). Throws Error(argument).
  Conv(std::int64_t channels, std::int64_t filters, std::vector<std::int64_t> size,
       const ConvOptions& options = {});
  const Variable& weight() const;
  const Variable& bias() const;  // empty where the layer has none
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t channels_;
  std::int64_t filters_;
  std::vector<std::int64_t> size_;
  ConvOptions options_;
  Variable weight_;
  Variable bias_;
};

struct ConvTransposeOptions {
  std::vector<std::int64_t> stride = {1};
  Padding padding = {};
  std::vector<std::int64_t> output_padding = {0};
  std::vector<std::int64_t> dilation = {1};
  std::int64_t groups = 1;
  bool bias = true;
  Initialisation initialisation = {};
  std::uint64_t seed = 0;
  DType dtype = DType::f32;
};

// z = convolution_transpose(x, w) + b: x [N, channels, spatial...], w [channels, filters / groups, size...].
class ConvTranspose : public Module {
 public:
  ConvTranspose(std::int64_t channels, std::int64_t filters, std::vector<std::int64_t> size,
                const ConvTransposeOptions& options = {});
  const Variable& weight() const;
  const Variable& bias() const;  // empty where the layer has none
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t channels_;
  std::int64_t filters_;
  std::vector<std::int64_t> size_;
  ConvTransposeOptions options_;
  Variable weight_;
  Variable bias_;
};

// The largest element of each window.
class MaxPool : public Module {
 public:
  // A stride of 0 is the size.
  explicit MaxPool(std::int64_t size = 2, std::int64_t stride = 0, std::int64_t padding = 0);
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t size_, stride_, padding_;
};

// The mean of each window; with count_include_pad the padding counts as zeros.
class AvgPool : public Module {
 public:
  explicit AvgPool(std::int64_t size = 2, std::int64_t stride = 0, std::int64_t padding = 0,
                   bool count_include_pad = false);
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t size_, stride_, padding_;
  bool count_include_pad_;
};

// The mean or the largest element of each of `outputs` windows along each spatial axis.
class AdaptiveAvgPool : public Module {
 public:
  explicit AdaptiveAvgPool(std::int64_t outputs);
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t outputs_;
};
class AdaptiveMaxPool : public Module {
 public:
  explicit AdaptiveMaxPool(std::int64_t outputs);
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t outputs_;
};

// The mean or the largest element of each channel: [N, C, spatial...] -> [N, C].
class GlobalAvgPool : public Module {
 public:
  GlobalAvgPool() : Module("global_avg_pool") {}
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};
class GlobalMaxPool : public Module {
 public:
  GlobalMaxPool() : Module("global_max_pool") {}
  std::int64_t flops(const Shape& input, const Shape& output) const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

// Each element `factor` times along each spatial axis, or linear interpolation between them (bilinear for two
// axes).
class Upsample : public Module {
 public:
  explicit Upsample(std::int64_t factor, bool linear = false);
  std::string text() const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t factor_;
  bool linear_;
};

// The numbers of a sample as an image: [N, ...] -> [N, channels, height, width], in row-major order.
class Image : public Module {
 public:
  Image(std::int64_t channels, std::int64_t height, std::int64_t width);
  std::string text() const override;
  std::int64_t flops(const Shape&, const Shape&) const override { return 0; }
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t channels_, height_, width_;
};

// y = (x - mean) / sqrt(variance + epsilon) weight + bias: mean and variance of each sample over each of
// `groups` groups of neighbouring channels; weight and bias [channels]. Wu and He 2018.
class GroupNorm : public Module {
 public:
  // Throws Error(argument) where the groups do not divide the channels.
  GroupNorm(std::int64_t groups, std::int64_t channels, const NormOptions& options = {});
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t groups_;
  std::int64_t channels_;
  NormOptions options_;
  Variable weight_;
  Variable bias_;
};

// The same over each channel of each sample. Ulyanov et al. 2016.
class InstanceNorm : public Module {
 public:
  explicit InstanceNorm(std::int64_t channels, const NormOptions& options = {});
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t channels_;
  NormOptions options_;
  Variable weight_;
  Variable bias_;
};

// Dropout of whole channels: x [N, C, ...]. Tompson et al. 2015.
class SpatialDropout : public Module {
 public:
  // Throws Error(argument) unless 0 <= p < 1.
  explicit SpatialDropout(double p);
  std::string text() const override;
  Role role() const override { return Role::transparent; }

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  double p_;
};

}  // namespace retrograd::nn
