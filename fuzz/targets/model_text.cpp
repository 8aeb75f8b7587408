// Networks from a line of text.
#include <retrograd/model_text.h>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  retrograd::nn::ModelOptions options;
  options.max_parameters = 1 << 16;
  refusing([&] { retrograd::nn::build_model(bytes, {4}, options); });
  refusing([&] { retrograd::nn::build_model(bytes, {1, 6, 6}, options); });
}

std::vector<std::string> seeds() {
  std::vector<std::string> made{"linear(30), sigmoid, linear(10)",
                                "residual(linear(4), relu, residual(linear(4, bias=false))), dropout(0.5)",
                                "flatten, linear(8), layer_norm, gelu(by_tanh=true), batch_norm, softmax"};
  for (const retrograd::nn::LayerInfo& layer : retrograd::nn::layers()) made.push_back(layer.signature);
  return made;
}

}  // namespace

const Target model_text{"model_text", feed, seeds};

}  // namespace fuzz
