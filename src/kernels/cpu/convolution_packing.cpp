// Which calls our own convolution kernels can do, and the orders of the weights that they read and write.
#include "core/attributes/convolution.h"
#include "kernels/cpu/convolution.h"

namespace retrograd::kernels::cpu {
namespace {

// So many rows are read side by side that what is written fills a line of the cache.
constexpr std::int64_t tile = 16;

// to[j * to_stride + i] = from[i * from_stride + j] for i < m, j < n.
void transpose(const float* from, std::int64_t from_stride, std::int64_t m, std::int64_t n, float* to,
               std::int64_t to_stride) {
  for (std::int64_t i0 = 0; i0 < m; i0 += tile) {
    const std::int64_t i1 = std::min(m, i0 + tile);
    for (std::int64_t j = 0; j < n; ++j) {
      for (std::int64_t i = i0; i < i1; ++i) to[j * to_stride + i] = from[i * from_stride + j];
    }
  }
}

WindowAxis axis_of(const attributes::Convolution& a, std::size_t i, const Shape& image, const Shape& weights,
                   const Shape& places) {
  const int axis = static_cast<int>(i);
  return {image[axis + 1], places[axis + 1], weights[axis + 2], a.stride[i], a.low[i], a.dilation[i]};
}

}  // namespace

std::optional<DirectConvolution> DirectConvolution::of(const Call& call, const View& image,
                                                       const View& weights, const View& places) {
  const auto& a = call.attributes.as<attributes::Convolution>();
  const auto is_fit = [](const View& view) {
    return view.dtype == DType::f32 && view.size() > 0 && view.is_contiguous();
  };
  const std::size_t axes = a.stride.size();
  if (!a.channels_last || a.groups != 1 || axes > 2 || a.dilation[axes - 1] != 1) return std::nullopt;
  if (!is_fit(image) || !is_fit(weights) || !is_fit(places)) return std::nullopt;
  DirectConvolution c;
  c.N = image.shape()[0];
  c.C = weights.shape()[1];
  c.O = weights.shape()[0];
  if (axes == 2) c.rows = axis_of(a, 0, image.shape(), weights.shape(), places.shape());
  c.columns = axis_of(a, axes - 1, image.shape(), weights.shape(), places.shape());
  return c;
}

void pack_by_window(const DirectConvolution& c, const float* weights, float* packed) {
  const std::int64_t places = c.rows.kernel * c.columns.kernel;
  for (std::int64_t i = 0; i < c.C; ++i) {
    transpose(weights + i * places, c.C * places, c.O, places, packed + i * c.O, c.C * c.O);
  }
}

void unpack_by_window(const DirectConvolution& c, const float* packed, float* weights) {
  const std::int64_t places = c.rows.kernel * c.columns.kernel;
  for (std::int64_t i = 0; i < c.C; ++i) {
    transpose(packed + i * c.O, c.C * c.O, places, c.O, weights + i * places, c.C * places);
  }
}

void pack_by_kernel(const DirectConvolution& c, const float* weights, float* packed) {
  const std::int64_t places = c.rows.kernel * c.columns.kernel;
  for (std::int64_t o = 0; o < c.O; ++o) {
    transpose(weights + o * c.C * places, places, c.C, places, packed + o * places * c.C, c.C);
  }
}

}  // namespace retrograd::kernels::cpu
