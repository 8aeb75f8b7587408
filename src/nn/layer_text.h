// How a layer stands in the text of the layer that holds it.
#pragma once

#include <retrograd/module.h>

#include <string>

namespace retrograd::nn {

// layer.text(), and "sequential(...)" for a Sequential.
std::string layer_text(const Module& layer);

}  // namespace retrograd::nn
