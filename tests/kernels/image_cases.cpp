// Convolutions and poolings of images with the channels last, over odd sizes; and reorders.
#include <cmath>

#include "core/attributes/convolution.h"
#include "core/attributes/pool.h"
#include "kernels/cases.h"
#include "kernels/cpu/winograd.h"

namespace retrograd::kernels::testing {
namespace {

using attributes::Convolution;
using attributes::Pool;

struct Setting {
  Shape image;  // [N, spatial..., C]
  std::int64_t O;
  Convolution attributes;
  std::vector<std::int64_t> kernel;
  std::string_view activation = {};  // of the convolution itself, with a bias
};

std::vector<Setting> settings() {
  const auto plain = [](std::int64_t padding) {
    return Convolution{{1, 1}, {padding, padding}, {padding, padding}, {1, 1}, 1, {}, true};
  };
  return {
      {{3, 12, 11, 5}, 7, plain(0), {5, 5}, "relu"},
      {{64, 9, 9, 20}, 40, plain(0), {5, 5}, "relu"},
      {{7, 14, 14, 1}, 20, plain(0), {5, 5}, "tanh"},
      {{5, 8, 8, 64}, 64, plain(1), {3, 3}, {}},
      {{33, 8, 8, 3}, 64, plain(1), {3, 3}, "relu"},
      {{5, 12, 16, 64}, 48, plain(1), {3, 3}, "relu"},
      {{17, 9, 11, 19}, 33, plain(1), {3, 3}, "tanh"},
      {{20, 6, 6, 16}, 16, plain(0), {3, 3}, {}},
      {{9, 6, 7, 20}, 17, {{1, 1}, {2, 0}, {1, 3}, {1, 1}, 1, {}, true}, {3, 3}, {}},
      {{4, 9, 7, 16}, 8, {{2, 2}, {1, 0}, {0, 1}, {1, 1}, 1, {}, true}, {3, 2}, {}},
      {{4, 9, 8, 16}, 32, {{2, 2}, {0, 0}, {0, 0}, {1, 1}, 1, {}, true}, {1, 1}, {}},
      {{2, 11, 9, 8}, 8, {{1, 1}, {2, 2}, {2, 2}, {2, 2}, 1, {}, true}, {3, 3}, {}},
      {{3, 8, 8, 32}, 32, {{1, 1}, {1, 1}, {1, 1}, {1, 1}, 2, {}, true}, {3, 3}, {}},
      {{3, 8, 8, 32}, 32, {{1, 1}, {1, 1}, {1, 1}, {1, 1}, 32, {}, true}, {3, 3}, {}},
      {{4, 33, 6}, 9, {{2}, {1}, {1}, {1}, 1, {}, true}, {3}, "sigmoid"},
      {{2, 4, 5, 6, 8}, 16, {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, 1, {}, true}, {3, 3, 3}, {}},
  };
}

Shape weights_of(const Setting& s) {
  Shape shape{s.O, s.image[s.image.rank() - 1] / s.attributes.groups};
  for (std::int64_t extent : s.kernel) shape.push_back(extent);
  return shape;
}

Shape places_of(const Setting& s) {
  Shape shape{s.image[0]};
  for (std::size_t a = 0; a < s.kernel.size(); ++a) {
    const Convolution& c = s.attributes;
    const std::int64_t extent = s.image[static_cast<int>(a) + 1] + c.low[a] + c.high[a];
    shape.push_back((extent - (s.kernel[a] - 1) * c.dilation[a] - 1) / c.stride[a] + 1);
  }
  shape.push_back(s.O);
  return shape;
}

// The number of products in one sum of the op.
double terms(std::string_view op, const Setting& s) {
  double kernel = 1, places = 1;
  for (std::int64_t extent : s.kernel) kernel *= static_cast<double>(extent);
  const Shape all = places_of(s);
  for (int axis = 0; axis + 1 < all.rank(); ++axis) places *= static_cast<double>(all[axis]);
  if (op == "convolution_weight_gradient") return places;
  const std::int64_t channels = op == "convolution" ? s.image[s.image.rank() - 1] : s.O;
  return kernel * static_cast<double>(channels / s.attributes.groups);
}

Call call_of(std::string_view op, const Setting& s) {
  const View image = output(s.image, DType::f32), weights = output(weights_of(s), DType::f32);
  const View places = output(places_of(s), DType::f32);
  Call call{.op = op};
  Convolution a = s.attributes;
  if (op == "convolution") {
    call.inputs = {image, weights};
    call.outputs = {places};
  } else if (op == "convolution_input_gradient") {
    for (std::size_t i = 0; i < s.kernel.size(); ++i) a.extents.push_back(s.image[static_cast<int>(i) + 1]);
    call.inputs = {places, weights};
    call.outputs = {image};
  } else {
    a.extents = s.kernel;
    call.inputs = {image, places};
    call.outputs = {weights};
  }
  call.attributes = a;
  return call;
}

double activate(std::string_view activation, double z) {
  if (activation == "relu") return z > 0 ? z : 0;
  if (activation == "sigmoid") return 1 / (1 + std::exp(-z));
  return activation == "tanh" ? std::tanh(z) : z;
}

double largest(const Numbers& numbers) {
  double most = 0;
  for (double x : numbers) most = std::max(most, std::abs(x));
  return most;
}

// sums[c]: the sum of |x| over all x of channel c, of [..., channels] or, of weights, [channels, ...].
Numbers sums_by_channel(const Numbers& numbers, std::int64_t channels, std::int64_t behind) {
  Numbers sums(static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto channel = static_cast<std::int64_t>(i) / behind % channels;
    sums[static_cast<std::size_t>(channel)] += std::abs(numbers[i]);
  }
  return sums;
}

// What the bounds of Winograd's convolution take for n and size.
std::map<std::string_view, Case::Measure> winograd_measures(std::string_view op, const Setting& s,
                                                            const std::vector<Numbers>& inputs) {
  const std::int64_t C = s.image[s.image.rank() - 1] / s.attributes.groups;
  std::int64_t kernel = 1;
  for (std::int64_t extent : s.kernel) kernel *= extent;
  // An element of the result belongs to channel i / behind % channels.
  const auto by_channel = [](const Numbers& sums, double factor, std::int64_t count, std::int64_t behind) {
    Numbers sizes;
    for (std::int64_t i = 0; i < count; ++i) {
      sizes.push_back(factor * sums[static_cast<std::size_t>(i / behind) % sums.size()]);
    }
    return sizes;
  };
  const double factor = largest(inputs[0]);
  if (op == "convolution") {
    Numbers sums = sums_by_channel(inputs[1], s.O, C * kernel);
    for (std::size_t o = 0; o < sums.size(); ++o) {
      if (inputs.size() > 2) sums[o] += std::abs(inputs[2][o]) / factor;
    }
    return {{cpu::winograd_size,
             {static_cast<double>(C) + 30, by_channel(sums, factor, places_of(s).size(), 1)}}};
  }
  if (op == "convolution_input_gradient") {
    return {{cpu::winograd_gradient_size,
             {static_cast<double>(s.O) + 30,
              by_channel(sums_by_channel(inputs[1], C, kernel), factor, s.image.size(), 1)}}};
  }
  const Shape places = places_of(s);
  const std::int64_t tiles = places[0] * ((places[1] + 3) / 4) * ((places[2] + 3) / 4);
  return {{cpu::winograd_weight_size,
           {static_cast<double>(tiles) + 30,
            by_channel(sums_by_channel(inputs[1], s.O, 1), factor, weights_of(s).size(), C * kernel)}}};
}

// A bias is a term more; the activations' slopes are at most 1, and they add their own error, at most 4 ulp.
Case convolution_case(std::string_view op, const Setting& s) {
  Case made;
  made.call = call_of(op, s);
  made.name = s.image.to_string() + " * " + weights_of(s).to_string();
  Draw draw(static_cast<std::uint32_t>(s.image.size() + s.O));
  made.inputs = {draw.uniform(made.call.inputs[0].size(), -1, 1),
                 draw.uniform(made.call.inputs[1].size(), -1, 1)};
  std::vector<Numbers> sizes = made.inputs;
  for (Numbers& input : sizes) {
    for (double& x : input) x = std::abs(x);
  }
  Numbers z = in_double(made.call, made.inputs)[0];
  Numbers size = in_double(made.call, sizes)[0];
  const bool has_epilogue = op == "convolution" && !s.activation.empty();
  if (has_epilogue) {
    const Shape places = places_of(s);
    const Numbers bias = draw.uniform(s.O, -1, 1);
    std::vector<std::int64_t> strides(static_cast<std::size_t>(places.rank()), 0);
    strides.back() = 1;
    made.call.inputs.push_back(strided(DType::f32, places, strides));
    made.call.epilogue = {{"add", 2}, {s.activation, -1}};
    made.inputs.push_back(bias);
    for (std::size_t i = 0; i < z.size(); ++i) {
      z[i] += bias[i % bias.size()];
      size[i] += std::abs(bias[i % bias.size()]);
    }
  }
  made.expected.emplace_back();
  made.beyond.emplace_back();
  for (const double sum : z) {
    const double y = has_epilogue ? activate(s.activation, sum) : sum;
    made.expected[0].push_back(y);
    made.beyond[0].push_back(has_epilogue ? 4 * ulp(y) : 0);
  }
  made.terms = {terms(op, s) + (has_epilogue ? 1 : 0)};
  made.sizes = {size};
  if (s.kernel.size() == 2) made.measures = winograd_measures(op, s, made.inputs);
  return made;
}

struct Pooling {
  Shape image;  // [N, spatial..., C]
  Pool attributes;
};

std::vector<Pooling> poolings() {
  return {
      {{3, 6, 8, 20}, {{2, 2}, {2, 2}, {0, 0}, {0, 0}, {}, false, {}, true}},
      {{20, 7, 9, 33}, {{2, 2}, {2, 2}, {0, 0}, {0, 0}, {}, false, {}, true}},
      {{2, 9, 7, 5}, {{3, 3}, {2, 2}, {1, 1}, {1, 1}, {}, true, {}, true}},
      {{2, 9, 7, 64}, {{3, 2}, {1, 3}, {1, 0}, {0, 1}, {}, false, {}, true}},
      {{4, 7, 5, 3}, {{}, {}, {}, {}, {3, 2}, false, {}, true}},
      {{3, 10, 17}, {{2}, {3}, {0}, {0}, {}, false, {}, true}},
      {{2, 4, 4, 6, 9}, {{2, 2, 3}, {2, 2, 3}, {0, 0, 0}, {0, 0, 0}, {}, false, {}, true}},
  };
}

Shape places_of(const Pooling& p) {
  Shape shape{p.image[0]};
  const Pool& a = p.attributes;
  for (std::size_t i = 0; i < a.axes(); ++i) {
    const std::int64_t extent = p.image[static_cast<int>(i) + 1];
    shape.push_back(a.outputs.empty() ? (extent + a.low[i] + a.high[i] - a.window[i]) / a.stride[i] + 1
                                      : a.outputs[i]);
  }
  shape.push_back(p.image[p.image.rank() - 1]);
  return shape;
}

// The elements of the largest window; no more windows lie over one element.
double terms(const Pooling& p) {
  const Pool& a = p.attributes;
  double terms = 1;
  for (std::size_t i = 0; i < a.axes(); ++i) {
    const std::int64_t extent = p.image[static_cast<int>(i) + 1];
    terms *= static_cast<double>(a.outputs.empty() ? a.window[i] : extent / a.outputs[i] + 2);
  }
  return terms;
}

Case pooling_case(std::string_view op, const Pooling& p) {
  const View image = output(p.image, DType::f32), places = output(places_of(p), DType::f32);
  Pool a = p.attributes;
  Case made{.name = std::string(op) + " " + p.image.to_string(), .call = {.op = op}};
  if (op == "average_pool_gradient") {
    for (std::size_t i = 0; i < a.axes(); ++i) a.extents.push_back(p.image[static_cast<int>(i) + 1]);
  }
  made.call.attributes = a;
  const bool is_gradient = op == "max_pool_gradient" || op == "average_pool_gradient";
  if (op != "average_pool_gradient") made.call.inputs.push_back(image);
  if (is_gradient) made.call.inputs.push_back(places);
  if (op == "max_pool_pick") made.call.inputs.push_back(image);
  made.call.outputs = {is_gradient ? image : places};
  Draw draw(7);
  // Few different values, so that there are ties.
  if (op != "average_pool_gradient") made.inputs.push_back(draw.integers(image.size(), -4, 4));
  if (is_gradient) made.inputs.push_back(draw.uniform(places.size(), -1, 1));
  if (op == "max_pool_pick") made.inputs.push_back(draw.uniform(image.size(), -1, 1));
  made.expected = in_double(made.call, made.inputs);
  made.terms = {terms(p)};
  std::vector<Numbers> sizes = made.inputs;  // of what is added: the image of a max_pool_gradient is not
  if (op != "max_pool") {
    for (double& x : sizes.back()) x = std::abs(x);
  }
  made.sizes = in_double(made.call, sizes);
  return made;
}

std::vector<Case> reorder_cases() {
  std::vector<Case> cases;
  for (DType dtype : {DType::f32, DType::boolean, DType::f64}) {
    for (const Shape& shape : {Shape{3, 4, 5, 7}, Shape{40, 30, 20, 3}, Shape{1, 1, 3}}) {
      // The image [N, H, W, C] of one that lies in memory as [N, C, H, W].
      std::vector<std::int64_t> strides;
      const std::int64_t plane = shape.rank() == 4 ? shape[1] * shape[2] : shape[1];
      strides.push_back(plane * shape[shape.rank() - 1]);
      if (shape.rank() == 4) strides.push_back(shape[2]);
      strides.push_back(1);
      strides.push_back(plane);
      Case made{.name = shape.to_string(),
                .call = {.op = "reorder",
                         .inputs = {strided(dtype, shape, strides)},
                         .outputs = {output(shape, dtype)}}};
      made.inputs = {Draw(3).integers(shape.size(), 0, 2)};
      Call reshape = made.call;
      reshape.op = "reshape";
      made.expected = by_reference(reshape, made.inputs);
      cases.push_back(made);
    }
  }
  return cases;
}

}  // namespace

std::vector<Case> image_cases(std::string_view op) {
  std::vector<Case> cases;
  if (op.starts_with("convolution")) {
    for (const Setting& setting : settings()) cases.push_back(convolution_case(op, setting));
  }
  if (op.starts_with("max_pool") || op.starts_with("average_pool")) {
    for (const Pooling& pooling : poolings()) cases.push_back(pooling_case(op, pooling));
  }
  return op == "reorder" ? reorder_cases() : cases;
}

}  // namespace retrograd::kernels::testing
