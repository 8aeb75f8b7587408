// batch_norm with its gradient: everything about the two ops except their kernels. Running statistics are the
// layer's business (nn/modules/batch_norm.cpp).
#include "ops/batch_norm.h"

#include <retrograd/ops.h>

#include "core/attributes/batch_norm.h"
#include "core/fail.h"
#include "ops/images.h"
#include "ops/rules.h"

// x [N, C, ...] or [N, ..., C]; weight, bias, mean, variance [C]; weights [N] of samples, W their total.
namespace retrograd {
namespace ops {

extern const OpDef batch_norm_gradient_op;

namespace {

using attributes::BatchNorm;

int feature_axis(const Array& x, bool last) { return last ? x.rank() - 1 : 1; }

// v along one axis of x, 1 along the others.
Array along(const Array& v, const Array& x, int axis) {
  Shape shape;
  for (int a = 0; a < x.rank(); ++a) shape.push_back(a == axis ? x.shape()[axis] : 1);
  return reshape(v, shape);
}

// All axes but one.
std::vector<int> axes_but(const Array& x, int axis) {
  std::vector<int> axes;
  for (int a = 0; a < x.rank(); ++a) {
    if (a != axis) axes.push_back(a);
  }
  return axes;
}

// The elements of a feature in one sample.
double places_of(const Array& x, int axis) {
  return static_cast<double>(x.size()) / static_cast<double>(x.shape()[0] * x.shape()[axis]);
}

void expect_vector(const ShapeArgs& args, std::size_t input, std::int64_t extent) {
  const TensorType wanted{args.inputs[0].dtype, Shape{extent}};
  if (args.inputs[input] == wanted) return;
  fail(ErrorKind::shape, "{}: input {} is {} for x {}; expected {}", args.name(), input,
       args.inputs[input].to_string(), args.inputs[0].to_string(), wanted.to_string());
}

std::int64_t features_of(const ShapeArgs& args) {
  expect_floating(args, 0);
  const Shape& x = args.inputs[0].shape;
  if (x.rank() < 2 || x.rank() > 5 || x.size() == 0) {
    fail(ErrorKind::shape, "{}: got {}; expected [batch, features, ...] of rank 2 to 5, not empty",
         args.name(), args.inputs[0].to_string());
  }
  return channels(x, args.attributes.as<BatchNorm>().channels_last);
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 4);
  const std::int64_t C = features_of(args);
  expect_vector(args, 1, C);
  expect_vector(args, 2, C);
  expect_vector(args, 3, args.inputs[0].shape[0]);
  return {args.inputs[0], args.inputs[1], args.inputs[1]};
}

// x, dy, weight, mean, variance, weights
std::vector<TensorType> shape_of_gradient(const ShapeArgs& args) {
  expect_inputs(args, 6);
  const std::int64_t C = features_of(args);
  expect_same_type(args, 0, 1);
  for (std::size_t i = 2; i < 5; ++i) expect_vector(args, i, C);
  expect_vector(args, 5, args.inputs[0].shape[0]);
  return {args.inputs[0], args.inputs[2], args.inputs[2]};
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& a = e.attributes.as<BatchNorm>();
  const Array& x = e.x(0);
  const int axis = feature_axis(x, a.channels_last);
  const std::vector<int> others = axes_but(x, axis);
  const Array w = along(e.x(3), x, 0);
  const Array total = sum(e.x(3)) * places_of(x, axis);
  const Array mean = sum(x * w, others) / total;
  const Array centred = x - along(mean, x, axis);
  const Array variance = sum(square(centred) * w, others) / total;
  const Array normalised = centred / sqrt(along(variance, x, axis) + a.epsilon);
  return {normalised * along(e.x(1), x, axis) + along(e.x(2), x, axis), mean, variance};
}

// With u = (x - mean) / sqrt(variance + epsilon), where mean and variance move with x:
// dbias = sum dy, dweight = sum dy u, dx = weight / sqrt(variance + epsilon) (dy - w / W (dbias + u dweight))
std::vector<Array> expand_gradient(const ExpandArgs& e) {
  const auto& a = e.attributes.as<BatchNorm>();
  const Array &x = e.x(0), &dy = e.x(1);
  const int axis = feature_axis(x, a.channels_last);
  const std::vector<int> others = axes_but(x, axis);
  const Array spread = rsqrt(e.x(4) + a.epsilon);
  const Array normalised = (x - along(e.x(3), x, axis)) * along(spread, x, axis);
  const Array dbias = sum(dy, others);
  const Array dweight = sum(dy * normalised, others);
  const Array share = along(e.x(5) / (sum(e.x(5)) * places_of(x, axis)), x, 0);
  const Array pulled = along(dbias, x, axis) + normalised * along(dweight, x, axis);
  return {(dy - share * pulled) * along(e.x(2) * spread, x, axis), dweight, dbias};
}

// What mean and variance themselves are asked for adds to dx, and to the weights of samples:
// dx += w / W (dmean + 2 (x - mean) dvariance)
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& a = v.attributes.as<BatchNorm>();
  const Array &x = v.x(0), &mean = v.y(1), &variance = v.y(2);
  const int axis = feature_axis(x, a.channels_last);
  const Array none = zeros_like(mean);
  std::vector<Array> slopes{zeros_like(x), none, none};
  if (!v.dy(0).empty()) {
    slopes = apply(batch_norm_gradient_op, {x, v.dy(0), v.x(1), mean, variance, v.x(3)}, v.attributes);
  }
  const Array dmean = v.dy(1).empty() ? none : v.dy(1);
  const Array dvariance = v.dy(2).empty() ? none : v.dy(2);
  const Array centred = x - along(mean, x, axis);
  const Array total = sum(v.x(3)) * places_of(x, axis);
  Array dx = slopes[0];
  if (!v.dy(1).empty() || !v.dy(2).empty()) {
    dx = dx +
         along(v.x(3) / total, x, 0) * (along(dmean, x, axis) + 2.0 * centred * along(dvariance, x, axis));
  }
  // The statistics' whole cotangents, those by way of y too.
  const Array spread = rsqrt(variance + a.epsilon);
  const Array whole_mean = dmean - slopes[2] * v.x(1) * spread;
  const Array whole_variance = dvariance - 0.5 * slopes[1] * v.x(1) * square(spread);
  const Array moved = centred * along(whole_mean, x, axis) +
                      (square(centred) - along(variance, x, axis)) * along(whole_variance, x, axis);
  return {dx, slopes[1], slopes[2], sum(moved, axes_but(x, 0)) / total};
}

}  // namespace

extern constinit const OpDef batch_norm_op{
    .name = "batch_norm",
    .summary =
        "Mean 0 and variance 1 of each feature over a batch, then a weight and a bias; and both statistics.",
    .equation = "y = (x - mean) / sqrt(variance + epsilon) weight + bias; mean = sum w x / sum w",
    .latex = R"(y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta)",
    .source = "Ioffe and Szegedy 2015, algorithm 1",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .traits = {.takes_epilogue = true,
               .channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<BatchNorm>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{4, 3}, {3}, {3}, {4}}, .attributes = BatchNorm{0.1}, .low = 0.2, .high = 2.0},
              {.shapes = {{3, 2, 3, 2}, {2}, {2}, {3}},
               .attributes = BatchNorm{0.1},
               .low = 0.2,
               .high = 2.0},
              {.shapes = {{3, 2, 2, 3}, {3}, {3}, {3}},
               .attributes = BatchNorm{0.1, true},
               .low = 0.2,
               .high = 2.0}};
        },
};

extern constinit const OpDef batch_norm_gradient_op{
    .name = "batch_norm_gradient",
    .summary = "The gradients of batch_norm with respect to x, weight and bias.",
    .equation =
        "dx = weight / sqrt(variance + epsilon) (dy - w / W (dbias + u dweight)), dweight = sum dy u, "
        "dbias = sum dy, u = (x - mean) / sqrt(variance + epsilon)",
    .latex =
        R"(dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}} \left(dy - \frac{w}{W} (d\beta + u \, d\gamma)\right))",
    .source = "Ioffe and Szegedy 2015, section 3",
    .shape = shape_of_gradient,
    .vjp = Gradient::expansion(),
    .expand = expand_gradient,
    .traits = {.channels_last = {.inputs = 3, .outputs = 1, .attributes = with_channels_last<BatchNorm>}},
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{4, 3}, {4, 3}, {3}, {3}, {3}, {4}},
                                      .attributes = BatchNorm{0.1},
                                      .low = 0.2,
                                      .high = 2.0},
                                     {.shapes = {{2, 2, 2, 3}, {2, 2, 2, 3}, {3}, {3}, {3}, {2}},
                                      .attributes = BatchNorm{0.1, true},
                                      .low = 0.2,
                                      .high = 2.0}};
        },
};

}  // namespace ops

BatchNormalised batch_norm(const Array& x, const Array& weight, const Array& bias, const Array& weights,
                           double epsilon) {
  std::vector<Array> made =
      apply(ops::batch_norm_op, {x, weight, bias, weights}, attributes::BatchNorm{epsilon});
  return {made[0], made[1], made[2]};
}

}  // namespace retrograd
