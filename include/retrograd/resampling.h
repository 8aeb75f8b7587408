// Up-sampling of images N C W, N C H W or N C D H W.
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <vector>

namespace retrograd {

// Each element `factors` times along each spatial axis; one number for all of them or one for each.
// Throws Error(shape), Error(argument).
Array upsample_nearest(const Array& x, const std::vector<std::int64_t>& factors);

// Linear interpolation along each spatial axis (bilinear for two): output j of an axis lies at
// (j + 1/2) / factor - 1/2 of the input, moved into it at the ends (ONNX half_pixel; PyTorch
// align_corners = false). Floating.
Array upsample_linear(const Array& x, const std::vector<std::int64_t>& factors);

}  // namespace retrograd
