// gelu_tanh, silu, mish, softplus: smooth relatives of relu.
#include <retrograd/activations.h>
#include <retrograd/ops.h>

#include <cmath>
#include <numbers>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {
namespace {

// |x|, differentiated as -x at 0: what is smooth in x stays so, which it would not with abs().
Array magnitude(const Array& x) { return where(greater(x, 0.0), x, -x); }

// log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)): nothing overflows.
Array softplus_of(const Array& x) { return relu(x) + log(1.0 + exp(-magnitude(x))); }

}  // namespace

Array GeluTanh::forward(const Array& x) const {
  const double factor = std::sqrt(2.0 * std::numbers::inv_pi);
  return 0.5 * x * (1.0 + tanh(factor * x * (1.0 + 0.044715 * square(x))));
}
std::unique_ptr<Module> GeluTanh::replica() const { return std::make_unique<GeluTanh>(); }

Array Silu::forward(const Array& x) const { return x * sigmoid(x); }
std::unique_ptr<Module> Silu::replica() const { return std::make_unique<Silu>(); }

// With e = exp(x): tanh(log(1 + e)) = ((1 + e)^2 - 1) / ((1 + e)^2 + 1) = e (e + 2) / (e (e + 2) + 2). Above
// 0 it is written in w = 1 / e.
Array Mish::forward(const Array& x) const {
  const Array w = exp(-magnitude(x));
  const Array below = w * (w + 2.0);
  const Array above = 1.0 + 2.0 * w;
  return x * where(greater(x, 0.0), above / (above + 2.0 * square(w)), below / (below + 2.0));
}
std::unique_ptr<Module> Mish::replica() const { return std::make_unique<Mish>(); }

Softplus::Softplus(double beta) : Module("softplus"), beta_(beta) {
  if (!std::isfinite(beta) || beta <= 0.0) {
    fail(ErrorKind::argument, "Softplus: beta is {}; expected a finite number above 0", beta);
  }
}
std::string Softplus::text() const { return beta_ == 1.0 ? "softplus" : fmt::format("softplus({})", beta_); }
Array Softplus::forward(const Array& x) const {
  return beta_ == 1.0 ? softplus_of(x) : softplus_of(x * beta_) * (1.0 / beta_);
}
std::unique_ptr<Module> Softplus::replica() const { return std::make_unique<Softplus>(beta_); }

namespace {

template <typename M>
std::unique_ptr<Module> make(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<M>();
}

std::unique_ptr<Module> make_softplus(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<Softplus>(spec.real(0));
}

}  // namespace

extern const LayerDef gelu_tanh_layer{
    .name = "gelu_tanh",
    .summary = "y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).",
    .make = make<GeluTanh>,
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
