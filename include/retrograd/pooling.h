// Pooling of images N C W, N C H W or N C D H W: the maximum or the average of each window.
#pragma once

#include <retrograd/array.h>
#include <retrograd/convolution.h>

#include <cstdint>
#include <vector>

namespace retrograd {

struct PoolOptions {
  std::vector<std::int64_t> window = {2};  // one number for all spatial axes, or one for each
  std::vector<std::int64_t> stride = {};   // empty: the window, so that windows do not overlap
  Padding padding = {};                    // less than the window; never the maximum
  // Whether padding counts as zeros in an average; without, a window is divided by its own elements.
  bool count_include_pad = false;
};

// The largest element of each window, x [N, C, spatial...] -> [N, C, places...]. Of equal ones the first gets
// the gradient; a NaN is the largest. Throws Error(shape), Error(argument).
Array max_pool(const Array& x, const PoolOptions& options = {});
// The mean of each window.
Array average_pool(const Array& x, const PoolOptions& options = {});

// The same with the number of windows given: of L elements, window i of K holds those from floor(i L / K) to
// ceil((i + 1) L / K), one beyond. `outputs`: one number for all spatial axes, or one for each.
Array adaptive_max_pool(const Array& x, const std::vector<std::int64_t>& outputs);
Array adaptive_average_pool(const Array& x, const std::vector<std::int64_t>& outputs);

// Of all elements of a channel: [N, C, spatial...] -> [N, C].
Array global_max_pool(const Array& x);
Array global_average_pool(const Array& x);

}  // namespace retrograd
