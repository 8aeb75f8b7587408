// clip: everything about the op except its kernels.
#include "core/attributes/clip.h"

#include <retrograd/ops.h>

#include <cmath>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {
namespace {

std::vector<TensorType> shape(const ShapeArgs& args) {
  const auto& clip = args.attributes.as<attributes::Clip>();
  if (!(clip.low <= clip.high)) {
    fail(ErrorKind::argument, "clip: bounds {} and {}; expected low <= high", clip.low, clip.high);
  }
  return unary_number(args);
}

std::vector<Array> expand(const ExpandArgs& e) {
  const auto& clip = e.attributes.as<attributes::Clip>();
  Array y = e.x();
  if (std::isfinite(clip.low)) y = maximum(y, clip.low);
  if (std::isfinite(clip.high)) y = minimum(y, clip.high);
  return {y};
}

// dx = dy where low <= x <= high, else 0
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& clip = v.attributes.as<attributes::Clip>();
  Array dx = v.dy();
  if (std::isfinite(clip.low)) dx = where(less(v.x(), clip.low), 0.0, dx);
  if (std::isfinite(clip.high)) dx = where(greater(v.x(), clip.high), 0.0, dx);
  return {dx};
}

}  // namespace

extern constinit const OpDef clip_op{
    .name = "clip",
    .summary = "Elements moved into the range from low to high.",
    .equation = "y = min(max(x, low), high)",
    .latex = R"(y = \min(\max(x, l), h))",
    .source = "Elementary",
    .shape = shape,
    .vjp = vjp,
    .expand = expand,
    .traits = {.elementwise = true},
    .convention = "At the bounds the derivative is 1. NaN stays.",
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{3, 5}}, .attributes = attributes::Clip{-0.5, 1.0}, .kinks = {-0.5, 1.0}},
              {.shapes = {{17}},
               .attributes = attributes::Clip{-3.0, 3.0},
               .low = -4.0,
               .high = 4.0,
               .kinks = {-3.0, 3.0}},
              {.shapes = {{7}},
               .attributes = attributes::Clip{-2.0, 5.0},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

Array clip(const Array& x, double low, double high) {
  for (double bound : {low, high}) {
    if (std::isfinite(bound)) ops::constant(bound, ops::given(x, "clip").dtype(), "clip");
  }
  if (std::isinf(low) && std::isinf(high) && low < high) return x;
  return apply1(ops::clip_op, {x}, attributes::Clip{low, high});
}

}  // namespace retrograd
