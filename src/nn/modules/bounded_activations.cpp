// softsign and hard_sigmoid. sigmoid and tanh are in activations.cpp.
#include <retrograd/activations.h>
#include <retrograd/ops.h>

#include "nn/layer_def.h"

namespace retrograd::nn {

// |x| as -x at 0, so that the derivative there is the 1 that it is.
Array Softsign::forward(const Array& x) const { return x / (1.0 + where(greater(x, 0.0), x, -x)); }
std::unique_ptr<Module> Softsign::replica() const { return std::make_unique<Softsign>(); }

Array HardSigmoid::forward(const Array& x) const {
  const Array line = x * (1.0 / 6.0) + 0.5;
  return where(greater_equal(line, 1.0), 1.0, relu(line));
}
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
