// Checkpoint, the layer of <retrograd/checkpoint.h>: "checkpoint(linear(100), relu)" in a model text.
#pragma once

#include <retrograd/nn.h>

namespace retrograd::nn {

// body(x), whose inside a gradient computes again instead of keeping it.
class Checkpoint : public LayerWithBody {
 public:
  explicit Checkpoint(Sequential body);

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

}  // namespace retrograd::nn
