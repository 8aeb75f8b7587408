// What the convolution kernels on oneDNN share: the call as oneDNN's descriptions, cut into parts of the
// batch.
#pragma once

#include <vector>

#include "core/attributes/convolution.h"
#include "kernels/cpu/matrix.h"
#include "kernels/cpu/onednn.h"
#include "kernels/cpu/ranges.h"
#include "kernels/image.h"

// N samples, C channels, O kernels.
namespace retrograd::kernels::onednn {

using Desc = dnnl::memory::desc;
using Dims = dnnl::memory::dims;

struct Convolution {
  std::int64_t N = 0, C = 0, O = 0, groups = 1;
  Dims image, places, kernel;  // spatial extents
  Dims stride, dilation, low, high;
  using Type = dnnl::memory::data_type;
  Type image_type = Type::f32, weights_type = Type::f32, places_type = Type::f32;

  // `image`, `places`: images with the channels last; `weights` [O, C / groups, kernel...].
  static Convolution of(const Call& call, const View& image, const View& weights, const View& places);

  std::int64_t image_size() const { return C * product(image); }    // of a sample
  std::int64_t places_size() const { return O * product(places); }  // of a sample
  std::int64_t weights_size() const { return O * C / groups * product(kernel); }
  // Floating-point operations of the whole batch.
  double flops() const { return 2.0 * static_cast<double>(N * places_size() * C / groups * product(kernel)); }

  Desc image_desc(std::int64_t n) const { return channels_last(n, C, image, image_type); }
  Desc places_desc(std::int64_t n) const { return channels_last(n, O, places, places_type); }
  Desc any_weights() const { return {weights_dims(), weights_type, dnnl::memory::format_tag::any}; }
  Desc plain_weights() const;
  Desc bias_desc() const { return {{O}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x}; }

  // By sizes alone; the batch is cut into so many parts.
  int shards() const;
  // Samples of the largest and of the smallest of so many parts.
  std::int64_t largest_part(int parts) const { return (N + parts - 1) / parts; }
  std::int64_t smallest_part(int parts) const { return N / parts; }

  dnnl::convolution_forward::primitive_desc forward(std::int64_t n, bool bias) const;
  dnnl::convolution_backward_data::primitive_desc input_gradient(std::int64_t n) const;
  dnnl::convolution_backward_weights::primitive_desc weight_gradient(std::int64_t n) const;

 private:
  static std::int64_t product(const Dims& extents);
  static Desc channels_last(std::int64_t n, std::int64_t channels, const Dims& spatial, Type type);
  // The forward convolution that a gradient belongs to.
  dnnl::convolution_forward::primitive_desc hint(std::int64_t n) const;
  Dims weights_dims() const;
};

// f32, or a result in f32 of two operands in bf16 where the processor multiplies it; channels last,
// contiguous, nothing of extent 0.
bool is_plain(const Call& call);

inline std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace retrograd::kernels::onednn
