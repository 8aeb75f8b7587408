// Convolution of images N C W, N C H W or N C D H W, as in ONNX, and transposed convolution. Not here:
// pooling
// (<retrograd/pooling.h>), layers (<retrograd/image_layers.h>).
#pragma once

#include <retrograd/array.h>

#include <cstdint>
#include <vector>

namespace retrograd {

// Zeros around an image.
class Padding {
 public:
  Padding(std::int64_t all = 0) : low_{all}, high_{all} {}  // NOLINT: meant to be implicit
  // In front of each spatial axis and behind it.
  Padding(std::vector<std::int64_t> low, std::vector<std::int64_t> high)
      : low_(std::move(low)), high_(std::move(high)) {}
  static Padding valid() { return {}; }
  // As many as it takes for ceil(extent / stride) outputs; of an odd number the one more stands behind (ONNX
  // SAME_UPPER).
  static Padding same() {
    Padding padding;
    padding.same_ = true;
    return padding;
  }
  bool is_same() const { return same_; }
  const std::vector<std::int64_t>& low() const { return low_; }
  const std::vector<std::int64_t>& high() const { return high_; }

 private:
  std::vector<std::int64_t> low_;
  std::vector<std::int64_t> high_;
  bool same_ = false;
};

// Stride and dilation: one number for all spatial axes, or one for each.
struct ConvolutionOptions {
  std::vector<std::int64_t> stride = {1};
  Padding padding = {};
  std::vector<std::int64_t> dilation = {1};
  // Channels are cut into so many groups, each with kernels of its own; as many as channels: depthwise.
  std::int64_t groups = 1;
};

// y[n, o, p] = sum over c and k of x[n, c, p stride - padding + k dilation] w[o, c, k], without flipping the
// kernel: x [N, C, spatial...], w [O, C / groups, kernel...] -> y [N, O, places...]. Floating; 1 to 3 spatial
// axes. Throws Error(shape) where channels or extents do not fit, Error(argument) for wrong options.
// Goodfellow, Bengio, Courville 2016, 9.1.
Array convolution(const Array& x, const Array& w, const ConvolutionOptions& options = {});

struct ConvolutionTransposeOptions {
  std::vector<std::int64_t> stride = {1};
  // Taken away from the result. "Same" gives extent * stride.
  Padding padding = {};
  std::vector<std::int64_t> dilation = {1};
  std::int64_t groups = 1;
  // Of several extents that a convolution maps to x's, so much more than the smallest; less than the stride.
  std::vector<std::int64_t> output_padding = {0};
};

// The transpose of the linear map that convolution is, its gradient with respect to the image:
// x [N, O, places...], w [O, C / groups, kernel...] -> [N, C, spatial...] with spatial = (places - 1) stride
// - padding + (kernel - 1) dilation + 1 + output_padding. Throws as convolution does. Dumoulin and Visin
// 2016.
Array convolution_transpose(const Array& x, const Array& w, const ConvolutionTransposeOptions& options = {});

}  // namespace retrograd
