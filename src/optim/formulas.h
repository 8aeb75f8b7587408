// Formulas that several optimizers share.
#pragma once

#include <retrograd/ops.h>

namespace retrograd::optim {

// 1 - beta^t in the given dtype, computed in f64: t f64 [].
Array bias_correction(const Array& t, double beta, DType dtype);
// g + decay w, the gradient of the error with 1/2 decay w^2 added.
Array with_decay(const Array& g, const Array& w, double decay);

}  // namespace retrograd::optim
