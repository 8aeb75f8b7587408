// skip: what comes in, kept beside what the layers make of it. Where it is added instead: residual.cpp.
#include <retrograd/ops.h>
#include <retrograd/skip_layer.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

// Numbers are put side by side, which is no operation.
Skip::Skip(Sequential body) : LayerWithBody("skip", std::move(body)) {}

Array Skip::forward(const Array& x) const {
  const Array y = body()(x);
  bool fits = x.rank() == y.rank() && x.rank() >= 2;
  for (int axis = 0; fits && axis < x.rank(); ++axis) {
    fits = axis == 1 || x.shape()[axis] == y.shape()[axis];
  }
  if (!fits) {
    fail(ErrorKind::shape, "{}: its body makes {} of {}; all extents but that of axis 1 must be equal",
         name(), y.shape().to_string(), x.shape().to_string());
  }
  return concatenate({x, y}, 1);
}

std::unique_ptr<Module> Skip::replica() const { return std::make_unique<Skip>(cloned(body())); }

namespace {

std::unique_ptr<Module> make(const LayerSpec& spec, const Shape& input, BuildContext& context) {
  return std::make_unique<Skip>(Sequential(context.build(spec.layers, input)));
}

}  // namespace

extern const LayerDef skip_layer{
    .name = "skip",
    .summary =
        "x and (the layers in parentheses)(x) side by side: the features of one behind those of the other.",
    .holds_layers = true,
    .make = make,
};

}  // namespace retrograd::nn
