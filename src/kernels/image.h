// How the axes of an image lie in memory: N C [D] [H] W, or N [D] [H] W C, as the attributes of a call say.
#pragma once

#include <cstdint>

#include "core/layout.h"

// N samples, C channels.
namespace retrograd::kernels {

struct Image {
  std::int64_t N = 0, C = 0;
  std::int64_t n_stride = 0, c_stride = 0;
  Layout spatial;  // [D] [H] W

  static Image of(const Layout& layout, bool channels_last) {
    const int rank = layout.shape.rank();
    const int c = channels_last ? rank - 1 : 1;
    Image image{
        layout.shape[0], layout.shape[c], layout.strides[0], layout.strides[static_cast<std::size_t>(c)], {}};
    for (int axis = channels_last ? 1 : 2; axis < (channels_last ? rank - 1 : rank); ++axis) {
      image.spatial.strides[static_cast<std::size_t>(image.spatial.shape.rank())] =
          layout.strides[static_cast<std::size_t>(axis)];
      image.spatial.shape.push_back(layout.shape[axis]);
    }
    return image;
  }
};

}  // namespace retrograd::kernels
