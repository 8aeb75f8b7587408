// What the ops on images share: where the axes of N C [D] [H] W, or of N [D] [H] W C, stand, and what a
// window that slides over one axis gives.
#pragma once

#include <retrograd/op.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/attributes/convolution.h"
#include "core/attributes/pool.h"

// N samples, C channels.
namespace retrograd::ops {

// Rank 3, 4 or 5. Throws Error(shape) naming the op.
void expect_image(const ShapeArgs& args, std::size_t input);

inline int spatial_axis(std::size_t a, bool channels_last) {
  return static_cast<int>(a) + (channels_last ? 1 : 2);
}
std::int64_t channels(const Shape& image, bool channels_last);
std::vector<std::int64_t> spatial(const Shape& image, bool channels_last);
Shape image_shape(std::int64_t N, std::int64_t C, const std::vector<std::int64_t>& spatial,
                  bool channels_last);

// The places of a window of `reach` elements on `extent` elements with padding. Throws Error(shape) naming
// the op and the axis where there is none.
std::int64_t places(const char* op, std::size_t axis, std::int64_t extent, std::int64_t padding,
                    std::int64_t reach, std::int64_t stride);

// The spatial extents of a convolution's output. Throws Error(shape) where the kernel does not fit,
// Error(argument) for a stride or dilation below 1, negative padding or another number of axes.
std::vector<std::int64_t> convolved(const char* op, const std::vector<std::int64_t>& image,
                                    const std::vector<std::int64_t>& kernel,
                                    const attributes::Convolution& attributes);
// The spatial extents of a pooling's output. Throws likewise.
std::vector<std::int64_t> pooled(const char* op, const std::vector<std::int64_t>& image,
                                 const attributes::Pool& attributes);

// One number for each of `axes` axes: `given` has one for all or one for each. Throws Error(argument).
std::vector<std::int64_t> for_each_axis(const std::vector<std::int64_t>& given, std::size_t axes,
                                        const char* op, const char* what);

// "[3, 4]"
std::string extents_text(const std::vector<std::int64_t>& extents);

// The attributes of the same call on images with the channels last.
template <typename A>
Attributes with_channels_last(const Attributes& attributes) {
  A changed = attributes.as<A>();
  changed.channels_last = true;
  return changed;
}

}  // namespace retrograd::ops
