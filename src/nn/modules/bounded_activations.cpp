// softsign and hard_sigmoid. sigmoid and tanh are in activations.cpp.
#include <retrograd/activations.h>
#include <retrograd/ops.h>

#include "nn/layer_def.h"

namespace retrograd::nn {

Array Softsign::forward(const Array& x) const { return softsign(x); }
std::unique_ptr<Module> Softsign::replica() const { return std::make_unique<Softsign>(); }

Array HardSigmoid::forward(const Array& x) const { return hard_sigmoid(x); }
std::unique_ptr<Module> HardSigmoid::replica() const { return std::make_unique<HardSigmoid>(); }

namespace {

template <typename M>
std::unique_ptr<Module> make(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<M>();
}

}  // namespace

extern const LayerDef softsign_layer{
    .name = "softsign", .summary = "y = x / (1 + |x|).", .make = make<Softsign>};

extern const LayerDef hard_sigmoid_layer{
    .name = "hard_sigmoid", .summary = "y = x / 6 + 1/2 within [0, 1].", .make = make<HardSigmoid>};

}  // namespace retrograd::nn
