// How a kernel slides over an image: one number for each spatial axis. Output p reads elements
// p stride - low + k dilation, 0 <= k < the kernel's extent; those outside of the image are zero.
#pragma once

#include <cstdint>
#include <vector>

namespace retrograd::attributes {

struct Convolution {
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> low;   // zeros in front
  std::vector<std::int64_t> high;  // and behind
  std::vector<std::int64_t> dilation;
  std::int64_t groups = 1;
  // What the inputs do not tell: the image's extents for the gradient of the image, the kernel's for that of
  // the weights. Empty for the convolution itself.
  std::vector<std::int64_t> extents = {};
  bool channels_last = false;  // images are N [D] [H] W C, not N C [D] [H] W
  template <class F>
  void fields(F& f) const {
    f("stride", stride);
    f("low", low);
    f("high", high);
    f("dilation", dilation);
    f("groups", groups);
    f("extents", extents);
    f("channels_last", channels_last);
  }
};

}  // namespace retrograd::attributes
