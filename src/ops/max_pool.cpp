// max_pool: everything about the op except its kernels, and the calls of maxima in <retrograd/pooling.h>. Its
// gradient and the gradient of that are ops of their own below: both look for the maxima of x again.
#include <retrograd/ops.h>
#include <retrograd/pooling.h>

#include "core/fail.h"
#include "ops/images.h"
#include "ops/pool.h"
#include "ops/rules.h"

// x [N, C, spatial...], y [N, C, places...].
namespace retrograd {
namespace ops {

extern const OpDef max_pool_gradient_op;
extern const OpDef max_pool_pick_op;

namespace {

using attributes::Pool;

constexpr std::string_view first_of_equal =
    "Of equal elements of a window the first counts; a NaN is the largest.";

// The type of y for x.
TensorType pooled_type(const ShapeArgs& args) {
  expect_floating(args, 0);
  expect_image(args, 0);
  const TensorType& x = args.inputs[0];
  const auto& pool = args.attributes.as<Pool>();
  const auto places = pooled(args.name(), spatial(x.shape, pool.channels_last), pool);
  return {x.dtype,
          image_shape(x.shape[0], channels(x.shape, pool.channels_last), places, pool.channels_last)};
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  return {pooled_type(args)};
}

std::vector<TensorType> shape_of_gradient(const ShapeArgs& args) {
  expect_inputs(args, 2);
  const TensorType y = pooled_type(args);
  if (args.inputs[1] != y) {
    fail(ErrorKind::shape, "{}: {} for images {}; expected {}", args.name(), args.inputs[1].to_string(),
         args.inputs[0].to_string(), y.to_string());
  }
  return {args.inputs[0]};
}

std::vector<TensorType> shape_of_pick(const ShapeArgs& args) {
  expect_inputs(args, 2);
  expect_same_type(args, 0, 1);
  return {pooled_type(args)};
}

std::vector<Array> vjp(const VjpArgs& v) {
  return {apply1(max_pool_gradient_op, {v.x(), v.dy()}, v.attributes)};
}

// Linear in dy; the maxima do not move with a small change of x.
std::vector<Array> vjp_of_gradient(const VjpArgs& v) {
  return {zeros_like(v.x(0)), apply1(max_pool_pick_op, {v.x(0), v.dy()}, v.attributes)};
}
std::vector<Array> vjp_of_pick(const VjpArgs& v) {
  return {zeros_like(v.x(0)), apply1(max_pool_gradient_op, {v.x(0), v.dy()}, v.attributes)};
}

}  // namespace

extern constinit const OpDef max_pool_op{
    .name = "max_pool",
    .summary = "The largest element of each window of an image.",
    .equation = "y[n, c, p] = max_(i in window p) x[n, c, i]",
    .latex = R"(y_{ncp} = \max_{i \in W_p} x_{nci})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.3",
    .shape = shape,
    .vjp = vjp,
    .traits = {.channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<Pool>}},
    .convention = first_of_equal,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{2, 2, 4, 5}},
                                      .attributes = Pool{{2, 2}, {2, 2}, {0, 0}, {0, 0}},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true},
                                     {.shapes = {{1, 5, 4, 2}},
                                      .attributes = Pool{{3, 2}, {1, 2}, {1, 1}, {2, 1}, {}, false, {}, true},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true},
                                     {.shapes = {{2, 2, 7}},
                                      .attributes = Pool{{}, {}, {}, {}, {3}},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true}};
        },
};

extern constinit const OpDef max_pool_gradient_op{
    .name = "max_pool_gradient",
    .summary = "The gradient of max_pool: each element of dy goes to the largest element of its window.",
    .equation = "dx[n, c, i] = sum_(p: i = argmax of window p) dy[n, c, p]",
    .latex = R"(dx_{nci} = \sum_{p : i = \operatorname{argmax} W_p} dy_{ncp})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.3",
    .shape = shape_of_gradient,
    .vjp = vjp_of_gradient,
    .traits = {.channels_last = {.inputs = 3, .outputs = 1, .attributes = with_channels_last<Pool>}},
    .convention = first_of_equal,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{1, 2, 4, 5}, {1, 2, 2, 2}},
                                      .attributes = Pool{{2, 2}, {2, 2}, {0, 0}, {0, 0}},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true},
                                     {.shapes = {{1, 4, 3, 2}, {1, 4, 2, 2}},
                                      .attributes = Pool{{3, 2}, {1, 2}, {1, 1}, {1, 0}, {}, false, {}, true},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true}};
        },
};

extern constinit const OpDef max_pool_pick_op{
    .name = "max_pool_pick",
    .summary =
        "The gradient of max_pool_gradient: of each window of x, the element of g where x is the largest.",
    .equation = "y[n, c, p] = g[n, c, argmax_(i in window p) x[n, c, i]]",
    .latex = R"(y_{ncp} = g_{nc,\operatorname{argmax}_{i \in W_p} x_{nci}})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.3",
    .shape = shape_of_pick,
    .vjp = vjp_of_pick,
    .traits = {.channels_last = {.inputs = 3, .outputs = 1, .attributes = with_channels_last<Pool>}},
    .convention = first_of_equal,
    .samples =
        [] {
          return std::vector<Sample>{{.shapes = {{1, 2, 4, 5}, {1, 2, 4, 5}},
                                      .attributes = Pool{{2, 2}, {2, 2}, {0, 0}, {0, 0}},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true},
                                     {.shapes = {{1, 4, 3, 2}, {1, 4, 3, 2}},
                                      .attributes = Pool{{3, 2}, {1, 2}, {1, 1}, {1, 0}, {}, false, {}, true},
                                      .low = -9,
                                      .high = 9,
                                      .distinct = true}};
        },
};

}  // namespace ops

Array max_pool(const Array& x, const PoolOptions& options) {
  return apply1(ops::max_pool_op, {x}, ops::pool_of("max_pool", x, options));
}

Array adaptive_max_pool(const Array& x, const std::vector<std::int64_t>& outputs) {
  return apply1(ops::max_pool_op, {x}, ops::adaptive_pool_of("adaptive_max_pool", x, outputs));
}

Array global_max_pool(const Array& x) { return max(x, ops::spatial_axes_of("global_max_pool", x)); }

}  // namespace retrograd
