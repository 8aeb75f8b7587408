// residual and sequential: layers that hold layers. The class Sequential itself is in nn/sequential.cpp.
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Residual::Residual(Sequential body) : Module("residual"), body_(add_child("body", std::move(body))) {}

std::string Residual::text() const { return "residual(" + body_.text() + ")"; }

std::int64_t Residual::flops(const Shape& input, const Shape& output) const {
  return body_.flops(input, output) + output.size();
}

Array Residual::forward(const Array& x) const {
  const Array y = body_(x);
  if (y.shape() != x.shape()) {
    fail(ErrorKind::shape, "{}: its body makes {} of {}; the shapes must be equal to be added", name(),
         y.shape().to_string(), x.shape().to_string());
  }
  return x + y;
}

std::unique_ptr<Module> Residual::replica() const { return std::make_unique<Residual>(cloned(body_)); }

namespace {

std::unique_ptr<Module> make_residual(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return std::make_unique<Residual>(Sequential(context.build(spec.layers, input)));
}

std::unique_ptr<Module> make_sequential(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return std::make_unique<Sequential>(context.build(spec.layers, input));
}

}  // namespace

extern const LayerDef residual_layer{
    .name = "residual",
    .summary = "y = x + (the layers in parentheses)(x); they must keep the shape.",
    .holds_layers = true,
    .make = make_residual,
};

extern const LayerDef sequential_layer{
    .name = "sequential",
    .summary = "The layers in parentheses, one after another.",
    .holds_layers = true,
    .make = make_sequential,
};

}  // namespace retrograd::nn
