// What the layers for images check and write alike.
#pragma once

#include <retrograd/module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/fail.h"

namespace retrograd::nn {

// The spatial extents of a sample [channels, extents...]. Throws Error(shape) for anything else.
inline std::vector<std::int64_t> image_extents(const Shape& sample) {
  if (sample.rank() < 2 || sample.rank() > 4) {
    fail(ErrorKind::shape,
         "it takes images [channels, height, width], not {}; put image(channels, height, width) before it",
         sample.to_string());
  }
  return {sample.begin() + 1, sample.end()};
}

// v [channels] -> [1, channels, 1, ...], of the rank of x.
Array along_channels(const Array& v, const Array& x);

// Throws Error(shape) naming the module unless x is [N, channels, ...].
inline void check_channels(const Module& module, const Array& x, std::int64_t channels) {
  if (x.rank() >= 3 && x.rank() <= 5 && x.shape()[1] == channels) return;
  fail(ErrorKind::shape, "{}: got {}, expected images [batch, {}, height, width]", module.name(),
       x.shape().to_string(), channels);
}

// The number that all of them are, or -1.
inline std::int64_t common(const std::vector<std::int64_t>& numbers) {
  for (std::int64_t number : numbers) {
    if (number != numbers.front()) return -1;
  }
  return numbers.empty() ? -1 : numbers.front();
}

inline std::int64_t product(const std::vector<std::int64_t>& numbers) {
  std::int64_t result = 1;
  for (std::int64_t number : numbers) result *= number;
  return result;
}

}  // namespace retrograd::nn
