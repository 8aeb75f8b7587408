// The parameters of attention in a model text, for the budget of the model.
#pragma once

#include <cstdint>

#include "nn/layer_def.h"

namespace retrograd::nn {

// Those of MultiHeadAttention(width, heads) with biases; groups 0: as many as heads.
void claim_attention(std::int64_t width, std::int64_t heads, std::int64_t groups, BuildContext& context);

}  // namespace retrograd::nn
