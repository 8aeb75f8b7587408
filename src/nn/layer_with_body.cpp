// What residual, skip and checkpoint have in common: the layers in their parentheses.
#include <retrograd/nn.h>

namespace retrograd::nn {

LayerWithBody::LayerWithBody(std::string type_name, Sequential body)
    : Module(std::move(type_name)), body_(add_child("body", std::move(body))) {}

std::string LayerWithBody::text() const { return type_name() + "(" + body_.text() + ")"; }

std::int64_t LayerWithBody::flops(const Shape& input, const Shape& output) const {
  return body_.flops(input, output);
}

}  // namespace retrograd::nn
