// Arrays of one value that has storage, for variables to start with.
#pragma once

#include <retrograd/array.h>

namespace retrograd::optim {

// f32, f64 or i64.
Array filled(const TensorType& type, double value);

}  // namespace retrograd::optim
