// What our own convolution kernels share: where a window lies in the image. With the channels last a row of a
// window is a run of neighbours in memory, and a row of places a matrix product of overlapping rows of the
// image, which fills vectors whatever the number of channels. onednn_convolution.cpp has the other calls.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "kernels/cpu/matmul_panel.h"
#include "kernels/cpu/ranges.h"
#include "kernels/kernel.h"

// N samples, C channels of an image [H, W], O kernels [R, S], places [P, Q].
namespace retrograd::kernels::cpu {

// One spatial axis. The window of place p reads elements p * stride - low + k * dilation, 0 <= k < kernel.
struct WindowAxis {
  std::int64_t image = 1, places = 1, kernel = 1;
  std::int64_t stride = 1, low = 0, dilation = 1;

  std::int64_t element(std::int64_t place, std::int64_t k) const {
    return place * stride - low + k * dilation;
  }
  // Elements k of the window of a place that lie in the image.
  Range inside(std::int64_t place) const {
    const std::int64_t first = std::max<std::int64_t>(0, up(-element(place, 0), dilation));
    const std::int64_t last = up(image - element(place, 0), dilation);
    return {std::min(first, kernel), std::clamp(last, std::min(first, kernel), kernel)};
  }
  // Places whose element k lies in the image.
  Range places_of(std::int64_t k) const {
    const std::int64_t first = std::clamp<std::int64_t>(up(-element(0, k), stride), 0, places);
    return {first, std::clamp(up(image - element(0, k), stride), first, places)};
  }
  // Places whose whole window lies in the image.
  Range whole() const {
    const Range front = places_of(0), back = places_of(kernel - 1);
    const std::int64_t first = std::max(front.begin, back.begin);
    return {first, std::max(first, std::min(front.end, back.end))};
  }

 private:
  // a / b, rounded up.
  static std::int64_t up(std::int64_t a, std::int64_t b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }
};

struct DirectConvolution {
  std::int64_t N = 0, C = 0, O = 0;
  WindowAxis rows, columns;

  // Nothing for a call that is not in f32 on contiguous images with the channels last and one or two spatial
  // axes, or that has groups or gaps between the elements of a row of the window.
  static std::optional<DirectConvolution> of(const Call& call, const View& image, const View& weights,
                                             const View& places);
  // The same of a call of each op.
  static std::optional<DirectConvolution> of_forward(const Call& call) {
    return of(call, call.inputs[0], call.inputs[1], call.outputs[0]);
  }
  static std::optional<DirectConvolution> of_input_gradient(const Call& call) {
    return of(call, call.outputs[0], call.inputs[1], call.inputs[0]);
  }
  static std::optional<DirectConvolution> of_weight_gradient(const Call& call) {
    return of(call, call.inputs[0], call.outputs[0], call.inputs[1]);
  }

  std::int64_t image_row() const { return columns.image * C; }
  std::int64_t image_size() const { return rows.image * image_row(); }  // of a sample
  std::int64_t places_row() const { return columns.places * O; }
  std::int64_t places_size() const { return rows.places * places_row(); }  // of a sample
  std::int64_t window_row() const { return columns.kernel * C; }
  std::int64_t window() const { return rows.kernel * window_row(); }
  std::int64_t weights() const { return window() * O; }
  // Do channels fill oneDNN's vectors of 16? Then it comes near the machine's limit.
  bool fills_long_vectors() const { return vector_lanes() >= 16 && C % 16 == 0 && O % 16 == 0; }
  double flops() const {
    return 2.0 * static_cast<double>(N * rows.places * columns.places) * static_cast<double>(window() * O);
  }
  // Parts of the batch, by sizes alone.
  int shards() const { return static_cast<int>(std::min<std::int64_t>(N, flops() < 1e6 ? 1 : 16)); }
};

// Weights [O, C, R, S] as [R, S, C, O], and back.
void pack_by_window(const DirectConvolution& c, const float* weights, float* packed);
void unpack_by_window(const DirectConvolution& c, const float* packed, float* weights);
// Weights [O, C, R, S] as [O, R, S, C].
void pack_by_kernel(const DirectConvolution& c, const float* weights, float* packed);

}  // namespace retrograd::kernels::cpu
