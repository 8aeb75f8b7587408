// The gradient of an extreme and the shape of its position.
#include "ops/extremes.h"

#include <retrograd/ops.h>

#include "core/attributes/argmax.h"
#include "core/attributes/reduce.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::ops {

std::vector<Array> extreme_vjp(const VjpArgs& v) {
  const auto& axes = v.attributes.as<attributes::Reduce>().axes;
  const Shape& shape = v.x().shape();
  const Array is_extreme = equal(v.x(), spread(v.y(), shape, axes));
  const Array ties = sum(cast(is_extreme, v.y().dtype()), std::vector<int>(axes.begin(), axes.end()));
  const Array share = reshape(v.dy(), ties.shape()) / ties;
  return {where(is_extreme, spread(share, shape, axes), 0.0)};
}

std::vector<TensorType> position_of_extreme(const ShapeArgs& args, const char* what) {
  expect_inputs(args, 1);
  expect_number(args, 0);
  const auto& [axis, keep] = args.attributes.as<attributes::Argmax>();
  const TensorType& x = args.inputs[0];
  expect_axis(args, axis, x.shape.rank());
  if (x.shape[static_cast<int>(axis)] == 0) {
    fail(ErrorKind::shape, "{}: {} has no elements along axis {}; {} needs at least one", args.name(),
         x.to_string(), axis, what);
  }
  return {{DType::i32, reduced(x.shape, {axis}, keep)}};
}

}  // namespace retrograd::ops
