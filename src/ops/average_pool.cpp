// average_pool: everything about the op except its kernels, its gradient, and the calls of averages in
// <retrograd/pooling.h>.
#include <retrograd/ops.h>
#include <retrograd/pooling.h>

#include "core/fail.h"
#include "ops/images.h"
#include "ops/pool.h"
#include "ops/rules.h"

// x [N, C, spatial...], y [N, C, places...].
namespace retrograd {
namespace ops {

extern const OpDef average_pool_op;
extern const OpDef average_pool_gradient_op;

namespace {

using attributes::Pool;

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_floating(args, 0);
  expect_image(args, 0);
  const TensorType& x = args.inputs[0];
  const auto& pool = args.attributes.as<Pool>();
  const auto places = pooled(args.name(), spatial(x.shape, pool.channels_last), pool);
  return {
      {x.dtype, image_shape(x.shape[0], channels(x.shape, pool.channels_last), places, pool.channels_last)}};
}

std::vector<TensorType> shape_of_gradient(const ShapeArgs& args) {
  expect_inputs(args, 1);
  expect_floating(args, 0);
  expect_image(args, 0);
  const TensorType& dy = args.inputs[0];
  const auto& pool = args.attributes.as<Pool>();
  if (pooled(args.name(), pool.extents, pool) != spatial(dy.shape, pool.channels_last)) {
    fail(ErrorKind::shape, "{}: {} does not fit an image of {}", args.name(), dy.to_string(),
         extents_text(pool.extents));
  }
  const std::int64_t C = channels(dy.shape, pool.channels_last);
  return {{dy.dtype, image_shape(dy.shape[0], C, pool.extents, pool.channels_last)}};
}

// Linear, and so is its gradient: each is the other's.
std::vector<Array> vjp(const VjpArgs& v) {
  Pool pool = v.attributes.as<Pool>();
  pool.extents = spatial(v.x().shape(), pool.channels_last);
  return {apply1(average_pool_gradient_op, {v.dy()}, pool)};
}
std::vector<Array> vjp_of_gradient(const VjpArgs& v) {
  Pool pool = v.attributes.as<Pool>();
  pool.extents.clear();
  return {apply1(average_pool_op, {v.dy()}, pool)};
}

}  // namespace

extern constinit const OpDef average_pool_op{
    .name = "average_pool",
    .summary = "The mean of each window of an image.",
    .equation = "y[n, c, p] = sum_(i in window p) x[n, c, i] / size of window p",
    .latex = R"(y_{ncp} = \frac{1}{|W_p|} \sum_{i \in W_p} x_{nci})",
    .source = "LeCun et al. 1998; Goodfellow, Bengio, Courville 2016, 9.3",
    .shape = shape,
    .vjp = vjp,
    .traits = {.channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<Pool>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 2, 4, 5}}, .attributes = Pool{{2, 2}, {2, 2}, {0, 0}, {0, 0}}},
              {.shapes = {{1, 5, 4, 2}},
               .attributes = Pool{{3, 2}, {1, 2}, {1, 1}, {2, 1}, {}, false, {}, true}},
              {.shapes = {{1, 2, 5, 4}}, .attributes = Pool{{3, 2}, {2, 2}, {1, 1}, {1, 1}, {}, true}},
              {.shapes = {{2, 2, 7}}, .attributes = Pool{{}, {}, {}, {}, {3}}}};
        },
};

extern constinit const OpDef average_pool_gradient_op{
    .name = "average_pool_gradient",
    .summary = "The gradient of average_pool: each element of dy is shared out over its window.",
    .equation = "dx[n, c, i] = sum_(p: i in window p) dy[n, c, p] / size of window p",
    .latex = R"(dx_{nci} = \sum_{p : i \in W_p} \frac{dy_{ncp}}{|W_p|})",
    .source = "Goodfellow, Bengio, Courville 2016, 9.3",
    .shape = shape_of_gradient,
    .vjp = vjp_of_gradient,
    .traits = {.channels_last = {.inputs = 1, .outputs = 1, .attributes = with_channels_last<Pool>}},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 2, 2, 2}},
               .attributes = Pool{{2, 2}, {2, 2}, {0, 0}, {0, 0}, {}, false, {4, 5}}},
              {.shapes = {{1, 6, 3, 2}},
               .attributes = Pool{{3, 2}, {1, 2}, {1, 1}, {2, 1}, {}, false, {5, 4}, true}},
              {.shapes = {{1, 2, 3, 3}},
               .attributes = Pool{{3, 2}, {2, 2}, {1, 1}, {1, 1}, {}, true, {5, 4}}},
              {.shapes = {{2, 2, 3}}, .attributes = Pool{{}, {}, {}, {}, {3}, false, {7}}}};
        },
};

}  // namespace ops

Array average_pool(const Array& x, const PoolOptions& options) {
  return apply1(ops::average_pool_op, {x}, ops::pool_of("average_pool", x, options));
}

Array adaptive_average_pool(const Array& x, const std::vector<std::int64_t>& outputs) {
  return apply1(ops::average_pool_op, {x}, ops::adaptive_pool_of("adaptive_average_pool", x, outputs));
}

Array global_average_pool(const Array& x) { return mean(x, ops::spatial_axes_of("global_average_pool", x)); }

}  // namespace retrograd
