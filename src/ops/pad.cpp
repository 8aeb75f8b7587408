// pad: everything about the op except its kernels.
#include "core/attributes/pad.h"

#include <retrograd/ops.h>

#include <algorithm>

#include "core/attributes/slice.h"
#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef slice_op;

namespace {

using attributes::Pad;

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  const auto& pad = args.attributes.as<Pad>();
  TensorType result = args.inputs[0];
  const auto rank = static_cast<std::size_t>(result.shape.rank());
  if (pad.low.size() != rank || pad.high.size() != rank || pad.interior.size() != rank) {
    fail(ErrorKind::shape, "pad: {} counts in front and {} behind for rank {}; expected one for each axis",
         pad.low.size(), pad.high.size(), rank);
  }
  for (std::size_t a = 0; a < rank; ++a) {
    if (pad.low[a] < 0 || pad.high[a] < 0 || pad.interior[a] < 0) {
      fail(ErrorKind::argument, "pad: {} in front and {} behind along axis {}; expected 0 or more",
           pad.low[a], pad.high[a], a);
    }
    std::int64_t& extent = result.shape[static_cast<int>(a)];
    extent += pad.low[a] + pad.high[a] + std::max<std::int64_t>(extent - 1, 0) * pad.interior[a];
  }
  return {result};
}

// dx = dy at the places that x was put to
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& pad = v.attributes.as<Pad>();
  attributes::Slice slice;
  for (std::size_t a = 0; a < pad.low.size(); ++a) {
    slice.starts.push_back(pad.low[a]);
    slice.extents.push_back(v.x().shape()[static_cast<int>(a)]);
    slice.steps.push_back(pad.interior[a] + 1);
  }
  return {apply1(slice_op, {v.dy()}, slice)};
}

}  // namespace

extern constinit const OpDef pad_op{
    .name = "pad",
    .summary = "A constant around an array, and between its elements.",
    .equation = "y[low + i (interior + 1)] = x[i], c elsewhere",
    .latex = R"(y_{l + i (k + 1)} = x_i)",
    .source = "Harris et al. 2020, Array programming with NumPy",
    .shape = shape,
    .vjp = vjp,
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{2, 3}}, .attributes = attributes::Pad{{1, 0}, {0, 2}, {0, 0}, 0.0}},
              {.shapes = {{2, 3}}, .attributes = attributes::Pad{{0, 1}, {1, 1}, {1, 2}, -1.5}},
              {.shapes = {{4}},
               .attributes = attributes::Pad{{2}, {3}, {0}, 7.0},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

Array pad(const Array& x, const std::vector<std::int64_t>& low, const std::vector<std::int64_t>& high,
          double value) {
  ops::constant(value, ops::given(x, "pad").dtype(), "pad");  // can the dtype hold it?
  const std::vector<std::int64_t> none(static_cast<std::size_t>(x.rank()), 0);
  return apply1(ops::pad_op, {x}, attributes::Pad{low, high, none, value});
}

}  // namespace retrograd
