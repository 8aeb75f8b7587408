// The weights of the samples of a batch that modules see.
#include <retrograd/norms.h>

#include "core/fail.h"

namespace retrograd::nn {

SampleWeightsScope::SampleWeightsScope(const Array& weights) : weights_{weights}, scope_(weights_) {
  if (weights.rank() == 1 && is_floating(weights.dtype())) return;
  fail(ErrorKind::shape, "SampleWeightsScope: weights are {}; expected f32 or f64 of shape [batch]",
       weights.type().to_string());
}

const Array* sample_weights() {
  const auto* in_force = Scope<const SampleWeightsScope::Weights>::current();
  return in_force == nullptr ? nullptr : &in_force->values;
}

}  // namespace retrograd::nn
