// checkpoint: layers whose inside is computed again for the gradient. How that is done is in
// autodiff/recomputation.cpp.
#include <retrograd/checkpoint.h>
#include <retrograd/checkpoint_layer.h>

#include "nn/layer_def.h"

namespace retrograd::nn {

Checkpoint::Checkpoint(Sequential body) : LayerWithBody("checkpoint", std::move(body)) {}

Array Checkpoint::forward(const Array& x) const {
  const CheckpointScope scope;
  return body()(x);
}

std::unique_ptr<Module> Checkpoint::replica() const { return std::make_unique<Checkpoint>(cloned(body())); }

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return std::make_unique<Checkpoint>(Sequential(context.build(spec.layers, input)));
}

}  // namespace

extern const LayerDef checkpoint_layer{
    .name = "checkpoint",
    .summary =
        "The layers in parentheses, computed again for the gradient instead of kept: less memory, more time.",
    .holds_layers = true,
    .make = make,
};

}  // namespace retrograd::nn
