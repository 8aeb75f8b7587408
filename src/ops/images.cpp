// Shapes of images and of what slides over them.
#include "ops/images.h"

#include "core/fail.h"
#include "ops/rules.h"

namespace retrograd::ops {
namespace {

void expect_at_least(const char* op, const char* what, std::int64_t value, std::int64_t least) {
  if (value < least) fail(ErrorKind::argument, "{}: {} is {}; expected at least {}", op, what, value, least);
}

void expect_axes(const char* op, const char* what, std::size_t given, std::size_t axes) {
  if (given == axes) return;
  fail(ErrorKind::argument, "{}: {} has {} numbers for {} spatial axes; expected one for each", op, what,
       given, axes);
}

}  // namespace

void expect_image(const ShapeArgs& args, std::size_t input) {
  const int rank = args.inputs[input].shape.rank();
  if (rank >= 3 && rank <= 5) return;
  fail(ErrorKind::shape, "{}: got {}; expected images [N, C, W], [N, C, H, W] or [N, C, D, H, W]",
       args.name(), args.inputs[input].to_string());
}

std::int64_t channels(const Shape& image, bool channels_last) {
  return image[channels_last ? image.rank() - 1 : 1];
}

std::vector<std::int64_t> spatial(const Shape& image, bool channels_last) {
  const std::int64_t* first = image.begin() + (channels_last ? 1 : 2);
  return {first, first + (image.rank() - 2)};
}

Shape image_shape(std::int64_t N, std::int64_t C, const std::vector<std::int64_t>& spatial,
                  bool channels_last) {
  Shape shape{N};
  if (!channels_last) shape.push_back(C);
  for (std::int64_t extent : spatial) shape.push_back(extent);
  if (channels_last) shape.push_back(C);
  return shape;
}

std::int64_t places(const char* op, std::size_t axis, std::int64_t extent, std::int64_t padding,
                    std::int64_t reach, std::int64_t stride) {
  if (extent + padding < reach) {
    fail(ErrorKind::shape, "{}: a window of {} does not fit in {} elements{} of spatial axis {}", op, reach,
         extent, padding == 0 ? std::string() : fmt::format(" with {} of padding", padding), axis);
  }
  return (extent + padding - reach) / stride + 1;
}

std::vector<std::int64_t> convolved(const char* op, const std::vector<std::int64_t>& image,
                                    const std::vector<std::int64_t>& kernel,
                                    const attributes::Convolution& attributes) {
  const auto& [stride, low, high, dilation, groups, extents, last] = attributes;
  expect_axes(op, "the kernel", kernel.size(), image.size());
  expect_axes(op, "stride", stride.size(), image.size());
  expect_axes(op, "dilation", dilation.size(), image.size());
  expect_axes(op, "padding in front", low.size(), image.size());
  expect_axes(op, "padding behind", high.size(), image.size());
  expect_at_least(op, "groups", groups, 1);
  std::vector<std::int64_t> result;
  for (std::size_t a = 0; a < image.size(); ++a) {
    expect_at_least(op, "a stride", stride[a], 1);
    expect_at_least(op, "a dilation", dilation[a], 1);
    expect_at_least(op, "the padding in front", low[a], 0);
    expect_at_least(op, "the padding behind", high[a], 0);
    expect_at_least(op, "an extent of the kernel", kernel[a], 1);
    result.push_back(places(op, a, image[a], low[a] + high[a], (kernel[a] - 1) * dilation[a] + 1, stride[a]));
  }
  return result;
}

std::vector<std::int64_t> pooled(const char* op, const std::vector<std::int64_t>& image,
                                 const attributes::Pool& attributes) {
  const attributes::Pool& pool = attributes;
  expect_axes(op, "the window", pool.axes(), image.size());
  std::vector<std::int64_t> result;
  if (!pool.outputs.empty()) {
    for (std::size_t a = 0; a < image.size(); ++a) {
      expect_at_least(op, "the number of outputs", pool.outputs[a], 1);
      if (image[a] < 1) fail(ErrorKind::shape, "{}: spatial axis {} has no elements", op, a);
    }
    return pool.outputs;
  }
  expect_axes(op, "stride", pool.stride.size(), image.size());
  expect_axes(op, "padding in front", pool.low.size(), image.size());
  expect_axes(op, "padding behind", pool.high.size(), image.size());
  for (std::size_t a = 0; a < image.size(); ++a) {
    expect_at_least(op, "a window", pool.window[a], 1);
    expect_at_least(op, "a stride", pool.stride[a], 1);
    for (std::int64_t padding : {pool.low[a], pool.high[a]}) {
      if (padding >= 0 && padding < pool.window[a]) continue;
      fail(ErrorKind::argument, "{}: padding {} for a window of {}; expected 0 <= padding < window", op,
           padding, pool.window[a]);
    }
    result.push_back(places(op, a, image[a], pool.low[a] + pool.high[a], pool.window[a], pool.stride[a]));
  }
  return result;
}

std::vector<std::int64_t> for_each_axis(const std::vector<std::int64_t>& given, std::size_t axes,
                                        const char* op, const char* what) {
  if (given.size() == axes) return given;
  if (given.size() == 1) return std::vector<std::int64_t>(axes, given[0]);
  fail(ErrorKind::argument, "{}: {} has {} numbers for {} spatial axes; expected one for all or one for each",
       op, what, given.size(), axes);
}

std::string extents_text(const std::vector<std::int64_t>& extents) {
  return fmt::format("[{}]", fmt::join(extents, ", "));
}

}  // namespace retrograd::ops
