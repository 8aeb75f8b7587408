// flatten: one row of numbers for each sample.
#include <retrograd/nn.h>
#include <retrograd/ops.h>

#include "core/fail.h"
#include "nn/layer_def.h"

namespace retrograd::nn {

Array Flatten::forward(const Array& x) const {
  if (x.rank() < 1) fail(ErrorKind::shape, "{}: got a scalar, expected [batch, ...]", name());
  const std::int64_t batch = x.shape()[0];
  std::int64_t row = 1;
  for (int axis = 1; axis < x.rank(); ++axis) row *= x.shape()[axis];
  return reshape(x, Shape{batch, row});
}

std::unique_ptr<Module> Flatten::replica() const { return std::make_unique<Flatten>(); }

namespace {

std::unique_ptr<Module> make(const LayerSpec&, const Shape&, BuildContext&) {
  return std::make_unique<Flatten>();
}

}  // namespace

extern const LayerDef flatten_layer{
    .name = "flatten", .summary = "One row of numbers for each sample.", .make = make};

}  // namespace retrograd::nn
