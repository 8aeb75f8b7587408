// Skip, the layer that keeps what comes in beside what becomes of it: "skip(max_pool(2), conv(32, 3,
// padding=1), relu, upsample(2))" in a model text. Adding the two is Residual, in <retrograd/nn.h>.
#pragma once

#include <retrograd/nn.h>

namespace retrograd::nn {

// y = x and body(x), one behind the other along the features: x [N, F, ...], body(x) [N, G, ...] of the same
// other extents, y [N, F + G, ...].
class Skip : public LayerWithBody {
 public:
  explicit Skip(Sequential body);

 protected:
  // Throws Error(shape) where the shapes do not fit.
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;
};

}  // namespace retrograd::nn
