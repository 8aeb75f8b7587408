// The grammar of model texts. What the layers are made of is in model_text.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "nn/layer_def.h"

namespace retrograd::nn {

// Throws Error(argument), naming the column, for anything that is no list of known layers with fitting
// arguments.
std::vector<LayerSpec> parse_model_text(std::string_view text);

}  // namespace retrograd::nn
