// From the options of <retrograd/pooling.h> to attributes.
#pragma once

#include <retrograd/pooling.h>

#include <vector>

#include "core/attributes/pool.h"

namespace retrograd::ops {

// Each throws Error(shape) where x is no image, Error(argument) for a wrong number of axes.
attributes::Pool pool_of(const char* op, const Array& x, const PoolOptions& options);
attributes::Pool adaptive_pool_of(const char* op, const Array& x, const std::vector<std::int64_t>& outputs);
// 2, 3, ...
std::vector<int> spatial_axes_of(const char* op, const Array& x);

}  // namespace retrograd::ops
