// The table of all layers, written by the build from the definitions in src/nn/modules/*.cpp.
// Not here: the type of an entry (nn/layer_def.h) and the layers' classes (retrograd/nn.h).
#pragma once

#include <span>

#include "nn/layer_def.h"

namespace retrograd::nn {

// Every layer that a model text can name, in the order of the files that define them.
std::span<const LayerDef* const> layer_table();

}  // namespace retrograd::nn
