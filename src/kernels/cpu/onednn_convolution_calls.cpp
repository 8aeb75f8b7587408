// Convolutions as oneDNN's descriptions. The kernels are in onednn_convolution.cpp and
// onednn_convolution_weights.cpp.
#include <algorithm>

#include "kernels/cpu/onednn_convolution.h"

namespace retrograd::kernels::onednn {
namespace {

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

constexpr auto direct = dnnl::algorithm::convolution_direct;

}  // namespace

std::int64_t Convolution::product(const Dims& extents) {
  std::int64_t result = 1;
  for (std::int64_t extent : extents) result *= extent;
  return result;
}

Convolution Convolution::of(const Call& call, const View& image_view, const View& weights_view,
                            const View& places_view) {
  const Layout& image = image_view.layout;
  const Layout& weights = weights_view.layout;
  const Layout& places = places_view.layout;
  const auto& a = call.attributes.as<attributes::Convolution>();
  Convolution made;
  made.N = image.shape[0];
  made.C = image.shape[image.shape.rank() - 1];
  made.O = places.shape[places.shape.rank() - 1];
  made.groups = a.groups;
  made.image_type = type_of(image_view);
  made.weights_type = type_of(weights_view);
  made.places_type = type_of(places_view);
  for (int axis = 1; axis < image.shape.rank() - 1; ++axis) {
    made.image.push_back(image.shape[axis]);
    made.places.push_back(places.shape[axis]);
    made.kernel.push_back(weights.shape[axis + 1]);
  }
  made.stride = a.stride;
  made.low = a.low;
  for (std::size_t i = 0; i < a.stride.size(); ++i) {
    made.dilation.push_back(a.dilation[i] - 1);
    // What the stride leaves over at the end is no padding.
    const std::int64_t reach = (made.kernel[i] - 1) * a.dilation[i] + 1;
    made.high.push_back((made.places[i] - 1) * a.stride[i] + reach - made.image[i] - a.low[i]);
  }
  return made;
}

Desc Convolution::channels_last(std::int64_t n, std::int64_t channels, const Dims& spatial, Type type) {
  using Tag = dnnl::memory::format_tag;
  Dims dims{n, channels};
  dims.insert(dims.end(), spatial.begin(), spatial.end());
  const Tag tag = spatial.size() == 1 ? Tag::nwc : spatial.size() == 2 ? Tag::nhwc : Tag::ndhwc;
  return {dims, type, tag};
}

Dims Convolution::weights_dims() const {
  Dims dims = groups == 1 ? Dims{O, C} : Dims{groups, O / groups, C / groups};
  dims.insert(dims.end(), kernel.begin(), kernel.end());
  return dims;
}

Desc Convolution::plain_weights() const {
  const Dims dims = weights_dims();
  Dims strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i > 0; --i) strides[i - 1] = strides[i] * dims[i];
  return {dims, weights_type, strides};
}

int Convolution::shards() const {
  const std::int64_t most = flops() < 0.4e6 ? 1 : flops() < 8e6 ? 2 : 16;
  return static_cast<int>(std::min(N, most));
}

dnnl::convolution_forward::primitive_desc Convolution::forward(std::int64_t n, bool bias) const {
  const SingleThreaded alone;
  constexpr auto training = dnnl::prop_kind::forward_training;
  if (bias) {
    return {{training, direct, image_desc(n), any_weights(), bias_desc(), places_desc(n), stride, dilation,
             low, high},
            attributes(),
            engine()};
  }
  return {{training, direct, image_desc(n), any_weights(), places_desc(n), stride, dilation, low, high},
          attributes(),
          engine()};
}

dnnl::convolution_forward::primitive_desc Convolution::hint(std::int64_t n) const {
  Convolution same = *this;
  if (image_type != places_type || image_type != weights_type) {
    same.image_type = same.weights_type = same.places_type = Type::bf16;
  }
  return same.forward(n, false);
}

dnnl::convolution_backward_data::primitive_desc Convolution::input_gradient(std::int64_t n) const {
  const auto its_forward = hint(n);
  const SingleThreaded alone;
  return {{direct, image_desc(n), any_weights(), places_desc(n), stride, dilation, low, high},
          attributes(),
          engine(),
          its_forward};
}

dnnl::convolution_backward_weights::primitive_desc Convolution::weight_gradient(std::int64_t n) const {
  const auto its_forward = hint(n);
  const SingleThreaded alone;
  return {{direct, image_desc(n), any_weights(), places_desc(n), stride, dilation, low, high},
          attributes(),
          engine(),
          its_forward};
}

bool is_plain(const Call& call) {
  const auto is_fit = [](const View& view) {
    return view.size() > 0 && view.is_contiguous() && view.shape().rank() >= 3 && view.shape().rank() <= 5;
  };
  const bool has_dtypes =
      cpu::has_dtypes(call, DType::f32) || (multiplies_bf16() && cpu::has_dtypes(call, DType::bf16));
  return has_dtypes && call.attributes.as<attributes::Convolution>().channels_last &&
         is_fit(call.inputs[0]) && is_fit(call.inputs[1]) && is_fit(call.outputs[0]);
}

}  // namespace retrograd::kernels::onednn
