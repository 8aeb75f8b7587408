// gelu, silu, mish, softplus: smooth relatives of relu.
#include <retrograd/activations.h>
#include <retrograd/ops.h>

#include <cmath>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {
std::string Gelu::text() const { return by_tanh_ ? "gelu(tanh=true)" : "gelu"; }
Array Gelu::forward(const Array& x) const { return gelu(x, by_tanh_); }
std::unique_ptr<Module> Gelu::replica() const { return std::make_unique<Gelu>(by_tanh_); }

Array Silu::forward(const Array& x) const { return silu(x); }
std::unique_ptr<Module> Silu::replica() const { return std::make_unique<Silu>(); }

Array Mish::forward(const Array& x) const { return mish(x); }
std::unique_ptr<Module> Mish::replica() const { return std::make_unique<Mish>(); }

Softplus::Softplus(double beta) : Module("softplus"), beta_(beta) {
  if (!std::isfinite(beta) || beta <= 0.0) {
    fail(ErrorKind::argument, "Softplus: beta is {}; expected a finite number above 0", beta);
  }
}
std::string Softplus::text() const { return beta_ == 1.0 ? "softplus" : fmt::format("softplus({})", beta_); }
Array Softplus::forward(const Array& x) const {
  return beta_ == 1.0 ? softplus(x) : softplus(x * beta_) * (1.0 / beta_);
}
std::unique_ptr<Module> Softplus::replica() const { return std::make_unique<Softplus>(beta_); }

namespace {

template <typename M>
std::unique_ptr<Module> make(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<M>();
}

std::unique_ptr<Module> make_gelu(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<Gelu>(spec.boolean(0));
}

std::unique_ptr<Module> make_softplus(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<Softplus>(spec.real(0));
}

}  // namespace

extern const LayerDef gelu_layer{
    .name = "gelu",
    .summary = "y = x Phi(x); with tanh=true its usual approximation.",
    .parameters = {{"tanh", ArgumentType::boolean, 0, 1, false, 0}},
    .make = make_gelu,
};

extern const LayerDef silu_layer{
    .name = "silu", .summary = "y = x / (1 + exp(-x)), also called swish.", .make = make<Silu>};

extern const LayerDef mish_layer{
    .name = "mish", .summary = "y = x tanh(log(1 + exp(x))).", .make = make<Mish>};

extern const LayerDef softplus_layer{
    .name = "softplus",
    .summary = "y = log(1 + exp(beta x)) / beta.",
    .parameters = {{"beta", ArgumentType::real, 1e-6, 1e6, false, 1.0}},
    .make = make_softplus,
};

}  // namespace retrograd::nn
