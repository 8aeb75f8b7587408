// residual and sequential: layers that hold layers. The class Sequential itself is in nn/sequential.cpp.
#include <retrograd/model_text.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/model_parser.h"

namespace retrograd::nn {

Residual::Residual(Sequential body) : LayerWithBody("residual", std::move(body)) {}

Residual::Residual(Sequential body, Sequential shortcut)
    : LayerWithBody("residual", std::move(body)), shortcut_(&add_child("shortcut", std::move(shortcut))) {}

std::string Residual::text() const {
  const std::string aside = shortcut_ == nullptr ? "" : ", shortcut(" + shortcut_->text() + ")";
  return "residual(" + body().text() + aside + ")";
}

std::int64_t Residual::flops(const Shape& input, const Shape& output) const {
  const std::int64_t aside = shortcut_ == nullptr ? 0 : shortcut_->flops(input, output);
  return body().flops(input, output) + aside + output.size();
}

Array Residual::forward(const Array& x) const {
  const Array y = body()(x);
  const Array aside = shortcut_ == nullptr ? x : (*shortcut_)(x);
  if (y.shape() != aside.shape()) {
    fail(ErrorKind::shape, "{}: its body makes {} of {}{}; the shapes must be equal to be added", name(),
         y.shape().to_string(), x.shape().to_string(),
         shortcut_ == nullptr ? std::string() : ", its shortcut " + aside.shape().to_string());
  }
  return aside + y;
}

std::unique_ptr<Module> Residual::replica() const {
  if (shortcut_ == nullptr) return std::make_unique<Residual>(cloned(body()));
  return std::make_unique<Residual>(cloned(body()), cloned(*shortcut_));
}

namespace {

// The text of a projection from `input` to `output`, samples of other shapes; empty where there is none.
std::string projection(const Shape& input, const Shape& output) {
  if (input.rank() != output.rank() || input.rank() < 2) return "";
  std::int64_t stride = 0;
  for (int axis = 1; axis < input.rank(); ++axis) {
    const std::int64_t here = (input[axis] + output[axis] - 1) / output[axis];
    if ((stride != 0 && here != stride) || (input[axis] - 1) / here + 1 != output[axis]) return "";
    stride = here;
  }
  return fmt::format("conv({}, 1{}, bias=false), batch_norm", output[0],
                     stride == 1 ? std::string() : fmt::format(", stride={}", stride));
}

bool is_shortcut(const LayerSpec& spec) { return spec.definition->name == "shortcut"; }

std::unique_ptr<Module> make_residual(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  std::vector<LayerSpec> layers = spec.layers;
  std::vector<LayerSpec> aside;
  if (is_shortcut(layers.back())) {
    aside = layers.back().layers;
    layers.pop_back();
  }
  Sequential body(context.build(layers, input));
  if (aside.empty()) {
    const Shape output = layers.empty() ? input : output_shape(body, input);
    const std::string text = output == input ? "" : projection(input, output);
    if (!text.empty()) aside = parse_model_text(text);
  }
  if (aside.empty()) return std::make_unique<Residual>(std::move(body));
  return std::make_unique<Residual>(std::move(body), Sequential(context.build(aside, input)));
}

std::unique_ptr<Module> make_shortcut(const LayerSpec&, const Shape&, BuildContext&) {
  fail(ErrorKind::argument, "it stands last inside of residual(...) only");
}

std::unique_ptr<Module> make_sequential(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return std::make_unique<Sequential>(context.build(spec.layers, input));
}

}  // namespace

extern const LayerDef residual_layer{
    .name = "residual",
    .summary =
        "y = x + (the layers in parentheses)(x); where they change the shape, x goes through shortcut(...), "
        "or "
        "through a convolution of size 1 and a batch norm (rows: a linear layer).",
    .holds_layers = true,
    .make = make_residual,
};

extern const LayerDef shortcut_layer{
    .name = "shortcut",
    .summary = "The last part of residual(...): the layers that x goes through before it is added.",
    .holds_layers = true,
    .make = make_shortcut,
};

extern const LayerDef sequential_layer{
    .name = "sequential",
    .summary = "The layers in parentheses, one after another.",
    .holds_layers = true,
    .make = make_sequential,
};

}  // namespace retrograd::nn
