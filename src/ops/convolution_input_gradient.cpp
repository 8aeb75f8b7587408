// convolution_input_gradient: everything about the op except its kernels. It is transposed convolution too.
#include "core/fail.h"
#include "ops/images.h"
#include "ops/rules.h"

// dy [N, O, places...], w [O, C / groups, kernel...] -> dx [N, C, spatial...].
namespace retrograd::ops {

extern const OpDef convolution_op;
extern const OpDef convolution_weight_gradient_op;

namespace {

using attributes::Convolution;

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_floating(args, 0);
  expect_image(args, 0);
  const TensorType& dy = args.inputs[0];
  const TensorType& w = args.inputs[1];
  const auto& a = args.attributes.as<Convolution>();
  if (w.dtype != dy.dtype) {
    fail(ErrorKind::dtype, "{}: weights {} for images {}; expected one dtype", args.name(), w.to_string(),
         dy.to_string());
  }
  const std::int64_t O = channels(dy.shape, a.channels_last);
  if (w.shape.rank() != dy.shape.rank() || w.shape[0] != O || a.groups < 1 || O % a.groups != 0) {
    fail(ErrorKind::shape,
         "{}: weights {} for an image {} of {} channels in {} groups; expected [{}, channels / groups, "
         "kernel...]",
         args.name(), w.to_string(), dy.to_string(), O, a.groups, O);
  }
  const auto places = convolved(args.name(), a.extents, spatial(w.shape, false), a);
  if (places != spatial(dy.shape, a.channels_last)) {
    fail(ErrorKind::shape, "{}: an image of {} gives {} places, not the {} of {}", args.name(),
         extents_text(a.extents), extents_text(places), extents_text(spatial(dy.shape, a.channels_last)),
         dy.to_string());
  }
  return {{dy.dtype, image_shape(dy.shape[0], w.shape[1] * a.groups, a.extents, a.channels_last)}};
}

// dx is linear in dy and in w; g is its cotangent:  d dy = g convolved with w, dw = the correlation of g and
// dy
std::vector<Array> vjp(const VjpArgs& v) {
  Convolution a = v.attributes.as<Convolution>();
  a.extents = spatial(v.x(1).shape(), false);
  const Array for_weights = apply1(convolution_weight_gradient_op, {v.dy(), v.x(0)}, a);
  a.extents.clear();
  return {apply1(convolution_op, {v.dy(), v.x(1)}, a), for_weights};
}

// A product and a sum for each term of the convolution itself.
double flops(const ShapeArgs& args) {
  const Shape& w = args.inputs[1].shape;
  return 2.0 * static_cast<double>(args.inputs[0].shape.size()) * static_cast<double>(w.size() / w[0]);
}

}  // namespace

extern constinit const OpDef convolution_input_gradient_op{
    .name = "convolution_input_gradient",
    .summary =
        "The gradient of a convolution with respect to its image: the transposed map, also of its own use.",
    .equation = "dx[n, c, i] = sum_o sum_(p, k: p s - l + k d = i) dy[n, o, p] w[o, c, k]",
    .latex = R"(dx_{nci} = \sum_o \sum_{ps-l+kd=i} dy_{nop} \, w_{ock})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.5; Dumoulin and Visin 2016",
    .shape = shape,
    .vjp = vjp,
    .traits = {.takes_epilogue = true,
               .low_precision = true,
               .channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<Convolution>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3, 3, 3}, {3, 2, 3, 2}},
               .attributes = Convolution{{1, 1}, {0, 0}, {0, 0}, {1, 1}, 1, {5, 4}}},
              {.shapes = {{1, 4, 4, 3}, {4, 2, 3, 3}},
               .attributes = Convolution{{2, 1}, {1, 0}, {2, 1}, {1, 2}, 2, {7, 6}}},
              {.shapes = {{2, 3, 3, 3}, {3, 1, 3, 2}},
               .attributes = Convolution{{2, 2}, {1, 1}, {1, 0}, {1, 1}, 3, {6, 5}, true}},
              {.shapes = {{2, 2, 4}, {2, 3, 3}}, .attributes = Convolution{{2}, {1}, {1}, {1}, 1, {8}}}};
        },
    .flops = flops,
};

}  // namespace retrograd::ops
