// convolution_weight_gradient: everything about the op except its kernels.
#include "core/fail.h"
#include "ops/images.h"
#include "ops/rules.h"

// x [N, C, spatial...], dy [N, O, places...] -> dw [O, C / groups, kernel...].
namespace retrograd::ops {

extern const OpDef convolution_op;
extern const OpDef convolution_input_gradient_op;

namespace {

using attributes::Convolution;

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_floating(args, 0);
  expect_image(args, 0);
  expect_image(args, 1);
  const TensorType& x = args.inputs[0];
  const TensorType& dy = args.inputs[1];
  const auto& a = args.attributes.as<Convolution>();
  const std::int64_t C = channels(x.shape, a.channels_last);
  const std::int64_t O = channels(dy.shape, a.channels_last);
  if (x.dtype != dy.dtype) {
    fail(ErrorKind::dtype, "{}: images {} and {}; expected one dtype", args.name(), x.to_string(),
         dy.to_string());
  }
  if (x.shape.rank() != dy.shape.rank() || x.shape[0] != dy.shape[0] || a.groups < 1 || C % a.groups != 0 ||
      O % a.groups != 0) {
    fail(ErrorKind::shape, "{}: images {} and {} in {} groups; expected as many samples and whole groups",
         args.name(), x.to_string(), dy.to_string(), a.groups);
  }
  const auto places = convolved(args.name(), spatial(x.shape, a.channels_last), a.extents, a);
  if (places != spatial(dy.shape, a.channels_last)) {
    fail(ErrorKind::shape, "{}: a kernel of {} has {} places on {}, not those of {}", args.name(),
         extents_text(a.extents), extents_text(places), x.to_string(), dy.to_string());
  }
  return {{x.dtype, image_shape(O, C / a.groups, a.extents, false)}};
}

// dw is linear in x and in dy; g is its cotangent:  dx = the transposed map of dy with kernels g, d dy = x
// convolved with g
std::vector<Array> vjp(const VjpArgs& v) {
  Convolution a = v.attributes.as<Convolution>();
  a.extents = spatial(v.x(0).shape(), a.channels_last);
  const Array for_image = apply1(convolution_input_gradient_op, {v.x(1), v.dy()}, a);
  a.extents.clear();
  return {for_image, apply1(convolution_op, {v.x(0), v.dy()}, a)};
}

// A product and a sum for each term of the convolution itself.
double flops(const ShapeArgs& args) {
  const Shape w = shape(args)[0].shape;
  return 2.0 * static_cast<double>(args.inputs[1].shape.size()) * static_cast<double>(w.size() / w[0]);
}

}  // namespace

extern constinit const OpDef convolution_weight_gradient_op{
    .name = "convolution_weight_gradient",
    .summary = "The gradient of a convolution with respect to its weights.",
    .equation = "dw[o, c, k] = sum_n sum_p x[n, c, p s - l + k d] dy[n, o, p]",
    .latex = R"(dw_{ock} = \sum_n \sum_p x_{n,c,ps-l+kd} \, dy_{nop})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.5",
    .shape = shape,
    .vjp = vjp,
    .traits = {.low_precision = true,
               .channels_last = {.inputs = 3, .attributes = with_channels_last<Convolution>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 2, 5, 4}, {2, 3, 3, 3}},
               .attributes = Convolution{{1, 1}, {0, 0}, {0, 0}, {1, 1}, 1, {3, 2}}},
              {.shapes = {{1, 4, 7, 6}, {1, 4, 4, 3}},
               .attributes = Convolution{{2, 1}, {1, 0}, {2, 1}, {1, 2}, 2, {3, 3}}},
              {.shapes = {{2, 6, 5, 3}, {2, 3, 3, 3}},
               .attributes = Convolution{{2, 2}, {1, 1}, {1, 0}, {1, 1}, 3, {3, 2}, true}},
              {.shapes = {{2, 3, 8}, {2, 2, 4}}, .attributes = Convolution{{2}, {1}, {1}, {1}, 1, {3}}}};
        },
    .flops = flops,
};

}  // namespace retrograd::ops
