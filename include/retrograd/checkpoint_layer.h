// Checkpoint, the layer of <retrograd/checkpoint.h>: "checkpoint(linear(100), relu)" in a model text.
#pragma once

#include <retrograd/nn.h>

namespace retrograd::nn {

// body(x), whose inside a gradient computes again instead of keeping it.
class Checkpoint : public Module {
 public:
  explicit Checkpoint(Sequential body);
  const Sequential& body() const { return body_; }
  std::string text() const override;
  std::int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  Array forward(const Array& x) const override;
  std::unique_ptr<Module> replica() const override;

 private:
  Sequential& body_;
};

}  // namespace retrograd::nn
