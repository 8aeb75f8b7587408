// slice: everything about the op except its kernels; and flip and split, which are made of it.
#include "core/attributes/slice.h"

#include <retrograd/ops.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "core/attributes/pad.h"
#include "core/fail.h"
#include "core/layout.h"
#include "ops/rules.h"

namespace retrograd {
namespace ops {

extern const OpDef pad_op;

namespace {

using attributes::Slice;

void expect_within(const ShapeArgs& args, const Slice& slice, std::size_t a) {
  const std::int64_t extent = args.inputs[0].shape[static_cast<int>(a)];
  const std::int64_t last = slice.starts[a] + (slice.extents[a] - 1) * slice.steps[a];
  const bool is_empty = slice.extents[a] == 0;
  const auto is_inside = [&](std::int64_t i) { return i >= 0 && i < extent; };
  if (slice.steps[a] != 0 && slice.extents[a] >= 0 &&
      (is_empty || (is_inside(slice.starts[a]) && is_inside(last))))
    return;
  fail(ErrorKind::shape,
       "slice: {} elements from {} by steps of {} along axis {} of {}; they do not lie within it",
       slice.extents[a], slice.starts[a], slice.steps[a], a, args.inputs[0].to_string());
}

std::vector<TensorType> shape(const ShapeArgs& args) {
  expect_inputs(args, 1);
  const auto& slice = args.attributes.as<Slice>();
  const auto rank = static_cast<std::size_t>(args.inputs[0].shape.rank());
  if (slice.starts.size() != rank || slice.extents.size() != rank || slice.steps.size() != rank) {
    fail(ErrorKind::shape,
         "slice: {} starts, {} extents and {} steps for rank {}; expected one for each axis",
         slice.starts.size(), slice.extents.size(), slice.steps.size(), rank);
  }
  for (std::size_t a = 0; a < rank; ++a) expect_within(args, slice, a);
  return {{args.inputs[0].dtype, Shape(std::span<const std::int64_t>(slice.extents))}};
}

// dx = dy at the places that it was read from, 0 between them and around
std::vector<Array> vjp(const VjpArgs& v) {
  const auto& slice = v.attributes.as<Slice>();
  attributes::Pad pad;
  std::vector<int> backward;
  for (std::size_t a = 0; a < slice.starts.size(); ++a) {
    const std::int64_t extent = v.x().shape()[static_cast<int>(a)];
    const std::int64_t span = slice.extents[a] == 0 ? 0 : (slice.extents[a] - 1) * slice.steps[a];
    const std::int64_t first = slice.extents[a] == 0 ? 0 : std::min(slice.starts[a], slice.starts[a] + span);
    const std::int64_t covered = slice.extents[a] == 0 ? 0 : std::abs(span) + 1;
    pad.low.push_back(first);
    pad.high.push_back(extent - first - covered);
    pad.interior.push_back(std::abs(slice.steps[a]) - 1);
    if (slice.steps[a] < 0) backward.push_back(static_cast<int>(a));
  }
  return {apply1(pad_op, {flip(v.dy(), backward)}, pad)};
}

bool view(const Attributes& attributes, const Layout& input, const Shape& output, Layout* result) {
  *result = {.shape = output, .offset = input.offset};
  const auto& slice = attributes.as<Slice>();
  for (std::size_t a = 0; a < slice.starts.size(); ++a) {
    result->strides[a] = input.strides[a] * slice.steps[a];
    result->offset += input.strides[a] * slice.starts[a];
  }
  return true;
}

}  // namespace

extern constinit const OpDef slice_op{
    .name = "slice",
    .summary = "Every step-th element of each axis from a start, also backward.",
    .equation = "y[i, ...] = x[start + i step, ...]",
    .latex = R"(y_i = x_{s + i t})",
    .source = "Harris et al. 2020, Array programming with NumPy",
    .shape = shape,
    .vjp = vjp,
    .traits = {.view = view},
    .samples =
        [] {
          return std::vector<Sample>{
              {.shapes = {{5, 7}}, .attributes = attributes::Slice{{1, 0}, {3, 4}, {1, 2}}},
              {.shapes = {{6, 4}}, .attributes = attributes::Slice{{4, 3}, {2, 4}, {-3, -1}}},
              {.shapes = {{2, 3, 4}}, .attributes = attributes::Slice{{1, 2, 0}, {1, 2, 4}, {1, -2, 1}}},
              {.shapes = {{9}},
               .attributes = attributes::Slice{{8}, {9}, {-1}},
               .low = -9,
               .high = 9,
               .dtypes = {DType::i32}}};
        },
};

}  // namespace ops

namespace {

// The attributes of one axis from Python's start, stop and step.
void add_axis(attributes::Slice& slice, std::int64_t extent, std::int64_t start, std::int64_t stop,
              std::int64_t step) {
  if (step == 0) fail(ErrorKind::argument, "slice: a step of 0; expected any other");
  const std::int64_t lowest = step > 0 ? 0 : -1;
  const std::int64_t highest = step > 0 ? extent : extent - 1;
  const auto bounded = [&](std::int64_t i) {
    return std::clamp(i < 0 ? std::max(i, -extent - 1) + extent : i, lowest, highest);
  };
  const std::int64_t first = bounded(start);
  const std::int64_t distance = step > 0 ? bounded(stop) - first : first - bounded(stop);
  const std::int64_t stride = std::abs(step);
  const std::int64_t count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
  slice.starts.push_back(count == 0 ? 0 : first);
  slice.extents.push_back(count);
  slice.steps.push_back(count == 1 ? 1 : step);
}

Array apply_slice(const Array& x, const attributes::Slice& slice) {
  bool is_whole = true;
  for (std::size_t a = 0; a < slice.starts.size(); ++a)
    is_whole = is_whole && slice.extents[a] == x.shape()[static_cast<int>(a)] && slice.steps[a] == 1;
  return is_whole ? x : apply1(ops::slice_op, {x}, slice);
}

}  // namespace

Array slice(const Array& x, const std::vector<std::int64_t>& starts, const std::vector<std::int64_t>& stops,
            const std::vector<std::int64_t>& steps) {
  const auto rank = static_cast<std::size_t>(ops::given(x, "slice").rank());
  if (starts.size() != stops.size() || starts.size() > rank ||
      (!steps.empty() && steps.size() != starts.size())) {
    fail(ErrorKind::shape,
         "slice: {} starts, {} stops and {} steps for rank {}; expected as many of each (or no steps) and at "
         "most {}",
         starts.size(), stops.size(), steps.size(), rank, rank);
  }
  attributes::Slice slice;
  for (std::size_t a = 0; a < rank; ++a) {
    const std::int64_t extent = x.shape()[static_cast<int>(a)];
    const bool is_given = a < starts.size();
    add_axis(slice, extent, is_given ? starts[a] : 0, is_given ? stops[a] : extent,
             is_given && !steps.empty() ? steps[a] : 1);
  }
  return apply_slice(x, slice);
}

Array slice_axis(const Array& x, int axis, std::int64_t start, std::int64_t stop, std::int64_t step) {
  const int normalised = normalise_axis(axis, ops::given(x, "slice_axis").rank(), "slice_axis");
  attributes::Slice slice;
  for (int a = 0; a < x.rank(); ++a) {
    const std::int64_t extent = x.shape()[a];
    if (a == normalised) {
      add_axis(slice, extent, start, stop, step);
    } else {
      add_axis(slice, extent, 0, extent, 1);
    }
  }
  return apply_slice(x, slice);
}

Array flip(const Array& x, const Axes& axes) {
  const std::vector<std::int64_t> flipped = axes.normalised(ops::given(x, "flip").rank(), "flip");
  attributes::Slice slice;
  for (int a = 0; a < x.rank(); ++a) {
    const std::int64_t extent = x.shape()[a];
    const bool is_flipped = std::find(flipped.begin(), flipped.end(), a) != flipped.end();
    add_axis(slice, extent, is_flipped ? extent - 1 : 0, is_flipped ? -extent - 1 : extent,
             is_flipped ? -1 : 1);
  }
  return apply_slice(x, slice);
}

std::vector<Array> split(const Array& x, const std::vector<std::int64_t>& sizes, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "split").rank(), "split");
  std::int64_t total = 0;
  for (std::int64_t size : sizes) {
    if (size < 0) fail(ErrorKind::argument, "split: a size of {}; expected 0 or more", size);
    total += size;
  }
  if (total != x.shape()[normalised]) {
    fail(ErrorKind::shape, "split: sizes that sum to {} along axis {} of {}; expected {}", total, normalised,
         x.type().to_string(), x.shape()[normalised]);
  }
  std::vector<Array> pieces;
  std::int64_t start = 0;
  for (std::int64_t size : sizes) {
    pieces.push_back(slice_axis(x, normalised, start, start + size));
    start += size;
  }
  return pieces;
}

std::vector<Array> split(const Array& x, int parts, int axis) {
  const int normalised = normalise_axis(axis, ops::given(x, "split").rank(), "split");
  const std::int64_t extent = x.shape()[normalised];
  if (parts < 1 || extent % parts != 0) {
    fail(ErrorKind::shape, "split: {} parts of {} elements along axis {}; expected a divisor of {}", parts,
         extent, normalised, extent);
  }
  return split(x, std::vector<std::int64_t>(static_cast<std::size_t>(parts), extent / parts), normalised);
}

}  // namespace retrograd
