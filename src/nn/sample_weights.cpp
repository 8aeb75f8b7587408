// The weights of the samples of a batch that modules see.
#include <retrograd/norms.h>

#include "core/fail.h"

namespace retrograd::nn {
namespace {

thread_local const Array* weights_in_force = nullptr;

}  // namespace

SampleWeightsScope::SampleWeightsScope(const Array& weights) : weights_(weights), before_(weights_in_force) {
  if (weights.rank() != 1 || !is_floating(weights.dtype())) {
    fail(ErrorKind::shape, "SampleWeightsScope: weights are {}; expected f32 or f64 of shape [batch]",
         weights.type().to_string());
  }
  weights_in_force = &weights_;
}
SampleWeightsScope::~SampleWeightsScope() { weights_in_force = before_; }

const Array* sample_weights() { return weights_in_force; }

}  // namespace retrograd::nn
