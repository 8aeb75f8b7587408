// Shapes and unrolling of recurrent ops.
#include "ops/recurrent_parts.h"

#include <retrograd/ops.h>

#include <algorithm>
#include <string>

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

Shape sizes_of(const ShapeArgs& args, const std::vector<RecurrentInput>& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (std::string_view(wanted[i].axes) != "NTH") continue;
    const Shape& x = args.inputs[i].shape;
    if (x.rank() != 3 || x.size() == 0 || x[2] % wanted[i].blocks != 0) {
      fail(ErrorKind::shape, "{}: {} is {}; expected [N, T, {}H]", args.name(), wanted[i].name, x.to_string(),
           wanted[i].blocks == 1 ? std::string() : fmt::format("{} ", wanted[i].blocks));
    }
    return Shape{x[0], x[1], x[2] / wanted[i].blocks};
  }
  fail(ErrorKind::internal, "internal: {} has no sequence among its inputs", args.name());
}

Shape shape_of(const RecurrentInput& input, const Shape& sizes) {
  Shape shape;
  for (const char* axis = input.axes; *axis != '\0'; ++axis) {
    shape.push_back(sizes[*axis == 'N' ? 0 : *axis == 'T' ? 1 : 2]);
  }
  shape[shape.rank() - 1] *= input.blocks;
  return shape;
}

}  // namespace

Shape expect_recurrent(const ShapeArgs& args, const std::vector<RecurrentInput>& wanted) {
  const bool has_lengths = args.attributes.as<attributes::Recurrent>().has_lengths;
  expect_inputs(args, wanted.size() + (has_lengths ? 1 : 0));
  expect_floating(args, 0);
  const Shape sizes = sizes_of(args, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const TensorType expected{args.inputs[0].dtype, shape_of(wanted[i], sizes)};
    if (args.inputs[i] == expected) continue;
    fail(args.inputs[i].shape == expected.shape ? ErrorKind::dtype : ErrorKind::shape,
         "{}: {} is {}; expected {} for N {}, T {}, H {}", args.name(), wanted[i].name,
         args.inputs[i].to_string(), expected.to_string(), sizes[0], sizes[1], sizes[2]);
  }
  if (has_lengths && args.inputs[wanted.size()] != TensorType{DType::i32, Shape{sizes[0]}}) {
    fail(ErrorKind::shape, "{}: lengths are {}; expected i32[{}]", args.name(),
         args.inputs[wanted.size()].to_string(), sizes[0]);
  }
  return sizes;
}

Array step_of(const Array& x, std::int64_t t) {
  return reshape(slice_axis(x, 1, t, t + 1), Shape{x.shape()[0], x.shape()[2]});
}

Array in_time(const std::vector<Array>& steps) { return stack(steps, 1); }

std::vector<std::int64_t> order_of_steps(std::int64_t T, bool reverse) {
  std::vector<std::int64_t> order;
  for (std::int64_t t = 0; t < T; ++t) order.push_back(reverse ? T - 1 - t : t);
  return order;
}

Array is_within(const ExpandArgs& e, std::int64_t t) {
  if (!e.attributes.as<attributes::Recurrent>().has_lengths) return {};
  const Array& lengths = e.inputs.back();
  return reshape(greater(lengths, static_cast<double>(t)), Shape{lengths.shape()[0], 1});
}

Array held(const Array& within, const Array& value, const Array& otherwise) {
  return within.empty() ? value : where(within, value, otherwise);
}

Array held(const Array& within, const Array& value, double otherwise) {
  return within.empty() ? value : where(within, value, otherwise);
}

Array states_before(const Array& states, const Array& first, bool reverse) {
  const Shape& s = states.shape();
  const Array front = reshape(first, Shape{s[0], 1, s[2]});
  if (s[1] == 1) return front;
  if (reverse) return concatenate({slice_axis(states, 1, 1, s[1]), front}, 1);
  return concatenate({front, slice_axis(states, 1, 0, s[1] - 1)}, 1);
}

Array product_over_steps(const Array& before, const Array& da) {
  const std::int64_t rows = da.shape()[0] * da.shape()[1];
  return matmul(transpose(reshape(before, Shape{rows, before.shape()[2]})),
                reshape(da, Shape{rows, da.shape()[2]}));
}

attributes::Recurrent recurrent_attributes(const RecurrentOptions& options) {
  return {.reverse = options.reverse, .has_lengths = !options.lengths.empty()};
}

}  // namespace retrograd::ops
