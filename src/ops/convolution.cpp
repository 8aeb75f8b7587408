// convolution: everything about the op except its kernels, and the calls of <retrograd/convolution.h>. Its
// gradients are ops of their own, in convolution_input_gradient.cpp and convolution_weight_gradient.cpp.
#include <retrograd/convolution.h>

#include "core/fail.h"
#include "ops/images.h"
#include "ops/rules.h"

// x [N, C, spatial...], w [O, C / groups, kernel...], y [N, O, places...].
namespace retrograd {
namespace ops {

extern const OpDef convolution_input_gradient_op;
extern const OpDef convolution_weight_gradient_op;

namespace {

using attributes::Convolution;

void expect_channels(const ShapeArgs& args, const Shape& x, const Shape& w, const Convolution& a) {
  const std::int64_t C = channels(x, a.channels_last);
  if (a.groups < 1 || w[0] % a.groups != 0 || C % a.groups != 0) {
    fail(ErrorKind::argument, "{}: {} groups do not divide {} channels into {}", args.name(), a.groups, C,
         w[0]);
  }
  if (C == w[1] * a.groups) return;
  fail(ErrorKind::shape,
       "{}: an image {} of {} channels for weights {}; expected weights [outputs, {}, kernel...]",
       args.name(), x.to_string(), C, w.to_string(), C / a.groups);
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_floating(args, 0);
  expect_image(args, 0);
  const TensorType& x = args.inputs[0];
  const TensorType& w = args.inputs[1];
  if (w.dtype != x.dtype || w.shape.rank() != x.shape.rank()) {
    fail(w.dtype != x.dtype ? ErrorKind::dtype : ErrorKind::shape,
         "{}: weights {} for images {}; expected the same dtype and rank: [outputs, channels / groups, "
         "kernel...]",
         args.name(), w.to_string(), x.to_string());
  }
  const auto& a = args.attributes.as<Convolution>();
  expect_channels(args, x.shape, w.shape, a);
  const auto places = convolved(args.name(), spatial(x.shape, a.channels_last), spatial(w.shape, false), a);
  return {{x.dtype, image_shape(x.shape[0], w.shape[0], places, a.channels_last)}};
}

// y is linear in x and in w:  dx = the transposed map of dy, dw = the correlation of x and dy
std::vector<Array> vjp(const VjpArgs& v) {
  Convolution for_image = v.attributes.as<Convolution>();
  Convolution for_weights = for_image;
  for_image.extents = spatial(v.x(0).shape(), for_image.channels_last);
  for_weights.extents = spatial(v.x(1).shape(), false);
  return {apply1(convolution_input_gradient_op, {v.dy(), v.x(1)}, for_image),
          apply1(convolution_weight_gradient_op, {v.x(0), v.dy()}, for_weights)};
}

// A product and a sum for each term.
double flops(const ShapeArgs& args) {
  const Shape& w = args.inputs[1].shape;
  return 2.0 * static_cast<double>(shape(args)[0].shape.size()) * static_cast<double>(w.size() / w[0]);
}

}  // namespace

extern constinit const OpDef convolution_op{
    .name = "convolution",
    .summary = "Kernels slide over images: for each place and each kernel the sum of the products.",
    .equation = "y[n, o, p] = sum_c sum_k x[n, c, p s - l + k d] w[o, c, k]",
    .latex = R"(y_{nop} = \sum_c \sum_k x_{n,c,ps-l+kd} \, w_{ock})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.1 and 9.5",
    .shape = shape,
    .vjp = vjp,
    .traits = {.takes_epilogue = true,
               .low_precision = true,
               .channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<Convolution>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 5, 4}, {4, 3, 3, 2}},
               .attributes = Convolution{{1, 1}, {0, 0}, {0, 0}, {1, 1}}},
              {.shapes = {{1, 4, 7, 6}, {6, 2, 3, 3}},
               .attributes = Convolution{{2, 1}, {1, 0}, {2, 1}, {1, 2}, 2}},
              {.shapes = {{2, 5, 4, 3}, {3, 1, 2, 3}},
               .attributes = Convolution{{1, 2}, {1, 1}, {0, 1}, {2, 1}, 3, {}, true}},
              {.shapes = {{2, 2, 7}, {3, 2, 3}}, .attributes = Convolution{{2}, {1}, {1}, {1}}},
              {.shapes = {{1, 2, 3, 4, 3}, {2, 2, 2, 3, 2}},
               .attributes = Convolution{{1, 2, 1}, {0, 1, 0}, {1, 1, 0}, {1, 1, 2}}}};
        },
    .flops = flops,
};

namespace {

// Padding that gives ceil(extent / stride) outputs.
void pad_same(Convolution& a, const std::vector<std::int64_t>& extents,
              const std::vector<std::int64_t>& kernel) {
  a.low.clear();
  a.high.clear();
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const std::int64_t outputs = (extents[i] + a.stride[i] - 1) / a.stride[i];
    const std::int64_t reach = (kernel[i] - 1) * a.dilation[i] + 1;
    const std::int64_t total = std::max<std::int64_t>((outputs - 1) * a.stride[i] + reach - extents[i], 0);
    a.low.push_back(total / 2);
    a.high.push_back(total - total / 2);
  }
}

// The attributes but for "same" padding, which wants extents.
Convolution sliding(const char* op, std::size_t axes, const std::vector<std::int64_t>& stride,
                    const Padding& padding, const std::vector<std::int64_t>& dilation, std::int64_t groups) {
  Convolution a{.stride = for_each_axis(stride, axes, op, "stride"),
                .low = for_each_axis(padding.low(), axes, op, "padding in front"),
                .high = for_each_axis(padding.high(), axes, op, "padding behind"),
                .dilation = for_each_axis(dilation, axes, op, "dilation"),
                .groups = groups};
  for (std::int64_t step : a.stride) {
    if (step < 1) fail(ErrorKind::argument, "{}: a stride is {}; expected at least 1", op, step);
  }
  return a;
}

// The spatial axes of x. Throws Error(shape) where x and w are no images and kernels.
std::size_t spatial_axes(const char* op, const Array& x, const Array& w) {
  const int rank = given(x, op).rank();
  if (rank < 3 || rank > 5 || given(w, op).rank() != rank) {
    fail(ErrorKind::shape, "{}: got {} and weights {}; expected both of rank 3, 4 or 5", op,
         x.type().to_string(), w.type().to_string());
  }
  return static_cast<std::size_t>(rank - 2);
}

}  // namespace
}  // namespace ops

Array convolution(const Array& x, const Array& w, const ConvolutionOptions& options) {
  const std::size_t axes = ops::spatial_axes("convolution", x, w);
  attributes::Convolution a =
      ops::sliding("convolution", axes, options.stride, options.padding, options.dilation, options.groups);
  if (options.padding.is_same())
    ops::pad_same(a, ops::spatial(x.shape(), false), ops::spatial(w.shape(), false));
  return apply1(ops::convolution_op, {x, w}, a);
}

Array convolution_transpose(const Array& x, const Array& w, const ConvolutionTransposeOptions& options) {
  constexpr const char* op = "convolution_transpose";
  const std::size_t axes = ops::spatial_axes(op, x, w);
  attributes::Convolution a =
      ops::sliding(op, axes, options.stride, options.padding, options.dilation, options.groups);
  const auto more = ops::for_each_axis(options.output_padding, axes, op, "output_padding");
  const std::vector<std::int64_t> places = ops::spatial(x.shape(), false);
  const std::vector<std::int64_t> kernel = ops::spatial(w.shape(), false);
  if (options.padding.is_same()) {
    for (std::size_t i = 0; i < axes; ++i) a.extents.push_back(places[i] * a.stride[i]);
    ops::pad_same(a, a.extents, kernel);
    return apply1(ops::convolution_input_gradient_op, {x, w}, a);
  }
  for (std::size_t i = 0; i < axes; ++i) {
    if (more[i] < 0 || more[i] >= a.stride[i]) {
      fail(ErrorKind::argument,
           "{}: output_padding {} for a stride of {}; expected 0 <= output_padding < stride", op, more[i],
           a.stride[i]);
    }
    a.extents.push_back((places[i] - 1) * a.stride[i] - a.low[i] - a.high[i] +
                        (kernel[i] - 1) * a.dilation[i] + 1 + more[i]);
  }
  return apply1(ops::convolution_input_gradient_op, {x, w}, a);
}

}  // namespace retrograd
