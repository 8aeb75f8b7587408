// leaky_relu, elu, selu: x above 0, something else below. relu is in activations.cpp.
#include <retrograd/activations.h>
#include <retrograd/ops.h>

#include <cmath>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {
LeakyRelu::LeakyRelu(double slope) : Module("leaky_relu"), slope_(slope) {
  if (!std::isfinite(slope))
    fail(ErrorKind::argument, "LeakyRelu: slope is {}; expected a finite number", slope);
}
std::string LeakyRelu::text() const {
  return slope_ == 0.01 ? "leaky_relu" : fmt::format("leaky_relu({})", slope_);
}
Array LeakyRelu::forward(const Array& x) const { return leaky_relu(x, slope_); }
std::unique_ptr<Module> LeakyRelu::replica() const { return std::make_unique<LeakyRelu>(slope_); }

Elu::Elu(double alpha) : Module("elu"), alpha_(alpha) {
  if (!std::isfinite(alpha) || alpha < 0.0) {
    fail(ErrorKind::argument, "Elu: alpha is {}; expected a finite number, at least 0", alpha);
  }
}
std::string Elu::text() const { return alpha_ == 1.0 ? "elu" : fmt::format("elu({})", alpha_); }
Array Elu::forward(const Array& x) const { return elu(x, alpha_); }
std::unique_ptr<Module> Elu::replica() const { return std::make_unique<Elu>(alpha_); }

Array Selu::forward(const Array& x) const { return selu(x); }
std::unique_ptr<Module> Selu::replica() const { return std::make_unique<Selu>(); }

namespace {

template <typename M>
std::unique_ptr<Module> make_with_number(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<M>(spec.real(0));
}

std::unique_ptr<Module> make_selu(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<Selu>();
}

}  // namespace

extern const LayerDef leaky_relu_layer{
    .name = "leaky_relu",
    .summary = "y = x for x > 0, else slope x.",
    .parameters = {{"slope", ArgumentType::real, -1e6, 1e6, false, 0.01}},
    .make = make_with_number<LeakyRelu>,
};

extern const LayerDef elu_layer{
    .name = "elu",
    .summary = "y = x for x > 0, else alpha (exp(x) - 1).",
    .parameters = {{"alpha", ArgumentType::real, 0, 1e6, false, 1.0}},
    .make = make_with_number<Elu>,
};

extern const LayerDef selu_layer{
    .name = "selu",
    .summary = "elu with the constants that keep mean 0 and variance 1; init lecun_normal goes with it.",
    .make = make_selu,
};

}  // namespace retrograd::nn
