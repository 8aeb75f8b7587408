// Layers that normalise: over the features of a sample (LayerNorm, RmsNorm) or over the samples of a batch
// (BatchNorm).
#pragma once

#include <retrograd/module.h>
#include <retrograd/scope.h>

#include <cstdint>
#include <memory>
#include <string>

namespace retrograd::nn {

struct NormOptions {
  double epsilon = 1e-5;
  DType dtype = DType::f32;
};

// y = (x - mean) / sqrt(variance + epsilon) weight + bias over the last axis: x [..., features], weight and
// bias [features], starting at 1 and 0. Ba et al. 2016.
class LayerNorm : public Module {
 public:
  // Throws Error(argument) for features below 1, or an epsilon that is not a finite number above 0.
  explicit LayerNorm(std::int64_t features, const NormOptions& options = {});
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t features_;
  NormOptions options_;
  Variable weight_;
  Variable bias_;
};

// y = x / sqrt(mean of x^2 + epsilon) weight over the last axis. Zhang and Sennrich 2019.
class RmsNorm : public Module {
 public:
  // Throws as LayerNorm does.
  explicit RmsNorm(std::int64_t features, const NormOptions& options = {});
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  std::int64_t features_;
  NormOptions options_;
  Variable weight_;
};

struct BatchNormOptions {
  double epsilon = 1e-5;
  double momentum = 0.1;  // the share of a new batch in the running statistics
  DType dtype = DType::f32;
};

// y = (x - mean) / sqrt(variance + epsilon) weight + bias for each feature: x [N, features, ...], mean and
// variance over all axes but the second. In training mode they are the batch's, and a step of a compiled
// function moves running_mean and running_variance (with n - 1 below the sum) towards them; in evaluation
// mode the running ones are used. Samples of weight 0 (SampleWeightsScope) count for nothing. Ioffe and
// Szegedy 2015.
class BatchNorm : public Module {
 public:
  // Throws as LayerNorm does, and for a momentum outside (0, 1].
  explicit BatchNorm(std::int64_t features, const BatchNormOptions& options = {});
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  // Throws Error(shape) in training mode for a batch of one number a feature: it has no spread.
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Array normalised_by_batch(const Array& x) const;

  std::int64_t features_;
  BatchNormOptions options_;
  Variable weight_;
  Variable bias_;
  Variable running_mean_;
  Variable running_variance_;
};

// For its lifetime, on this thread: the weights [N] of the samples of the batch that modules see, 0 for one
// that pads it. Nothing but BatchNorm mixes samples.
class SampleWeightsScope {
 public:
  explicit SampleWeightsScope(const Array& weights);

  struct Weights {
    Array values;
  };

 private:
  Weights weights_;
  Scope<const Weights> scope_;
};
// The weights in force; null where there are none: all samples count.
const Array* sample_weights();

}  // namespace retrograd::nn
