// One layer of the record, from its numbers.
#pragma once

#include <retrograd/explain.h>

#include "explain/differences.h"
#include "explain/network.h"
#include "explain/numbers.h"

namespace retrograd::explain {

// `samples` of them are written out. `next` is the stage that takes the outputs, null for the last one.
Layer make_layer(const Stage& stage, const StageNumbers& numbers, const StageNumbers* next,
                 std::int64_t samples, const Options& options);
// Puts the central differences beside the layer's gradients. The model must have its values of before.
void add_differences(Layer& layer, const nn::Linear& linear, Differences& differences);
// Puts the updated values into the layer.
void add_update(Layer& layer, const nn::Linear& linear, const StageNumbers& numbers);

}  // namespace retrograd::explain
