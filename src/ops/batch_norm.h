// The batch's part of batch norm, which the layer of <retrograd/norms.h> is made of.
#pragma once

#include <retrograd/array.h>

namespace retrograd {

struct BatchNormalised {
  Array y;         // of x's type
  Array mean;      // [C]
  Array variance;  // [C], divided by the total weight
};

// y = (x - mean) / sqrt(variance + epsilon) weight + bias for each feature: x [N, C, ...], weight, bias [C];
// mean and variance over all axes but the second, with sample n counted weights[n] times: weights [N].
// Ioffe and Szegedy 2015.
BatchNormalised batch_norm(const Array& x, const Array& weight, const Array& bias, const Array& weights,
                           double epsilon);

}  // namespace retrograd
