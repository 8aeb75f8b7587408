// image, upsample and spatial_dropout: what changes images without weights. Pooling is in pooling.cpp.
#include <retrograd/image_layers.h>
#include <retrograd/ops.h>
#include <retrograd/random.h>
#include <retrograd/resampling.h>
#include <retrograd/trace.h>

#include "core/fail.h"
#include "nn/layer_def.h"
#include "nn/modules/image_checks.h"

namespace retrograd::nn {

Image::Image(std::int64_t channels, std::int64_t height, std::int64_t width)
    : Module("image"), channels_(channels), height_(height), width_(width) {
  if (channels < 1 || height < 1 || width < 1) {
    fail(ErrorKind::argument, "Image: {} channels, {} x {}; expected at least 1 of each", channels, height,
         width);
  }
}
std::string Image::text() const { return fmt::format("image({}, {}, {})", channels_, height_, width_); }
Array Image::forward(const Array& x) const {
  const std::int64_t batch = x.rank() < 1 ? 0 : x.shape()[0];
  const std::int64_t wanted = channels_ * height_ * width_;
  if (batch == 0 || x.size() != batch * wanted) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, ...] with {} numbers for a sample: {} x {} x {}",
         name(), x.shape().to_string(), wanted, channels_, height_, width_);
  }
  return reshape(x, Shape{batch, channels_, height_, width_});
}
std::unique_ptr<Module> Image::replica() const { return std::make_unique<Image>(channels_, height_, width_); }

Upsample::Upsample(std::int64_t factor, bool linear) : Module("upsample"), factor_(factor), linear_(linear) {
  if (factor < 1) fail(ErrorKind::argument, "Upsample: a factor of {}; expected at least 1", factor);
}
std::string Upsample::text() const {
  return fmt::format("upsample({}{})", factor_, linear_ ? ", linear=true" : "");
}
Array Upsample::forward(const Array& x) const {
  return linear_ ? upsample_linear(x, {factor_}) : upsample_nearest(x, {factor_});
}
std::unique_ptr<Module> Upsample::replica() const { return std::make_unique<Upsample>(factor_, linear_); }

SpatialDropout::SpatialDropout(double p) : Module("spatial_dropout"), p_(p) {
  if (!(p >= 0.0 && p < 1.0)) fail(ErrorKind::argument, "SpatialDropout: p is {}; expected 0 <= p < 1", p);
}
std::string SpatialDropout::text() const { return fmt::format("spatial_dropout({})", p_); }
Array SpatialDropout::forward(const Array& x) const {
  if (x.rank() < 2) {
    fail(ErrorKind::shape, "{}: got {}, expected [batch, channels, ...]", name(), x.shape().to_string());
  }
  if (mode() == Mode::evaluation || p_ == 0.0) return x;
  Shape channels;
  for (int axis = 0; axis < x.rank(); ++axis) channels.push_back(axis < 2 ? x.shape()[axis] : 1);
  const Array kept = greater_equal(uniform(Generator::current().counter(), channels), p_);
  return where(kept, x * (1.0 / (1.0 - p_)), 0.0);
}
std::unique_ptr<Module> SpatialDropout::replica() const { return std::make_unique<SpatialDropout>(p_); }

namespace {

std::unique_ptr<Module> make_image(const LayerSpec& spec, const Shape&, BuildContext&) {
  return std::make_unique<Image>(spec.integer(0), spec.integer(1), spec.integer(2));
}
std::unique_ptr<Module> make_upsample(const LayerSpec& spec, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<Upsample>(spec.integer(0), spec.boolean(1));
}
std::unique_ptr<Module> make_dropout(const LayerSpec& spec, const Shape& input, BuildContext&) {
  image_extents(input);
  return std::make_unique<SpatialDropout>(spec.real(0));
}

}  // namespace

extern const LayerDef image_layer{
    .name = "image",
    .summary = "The numbers of a sample as an image of so many channels, rows and columns.",
    .parameters = {{"channels", ArgumentType::integer, 1, 65536},
                   {"height", ArgumentType::integer, 1, 65536},
                   {"width", ArgumentType::integer, 1, 65536}},
    .make = make_image,
};
extern const LayerDef upsample_layer{
    .name = "upsample",
    .summary = "An image `factor` times as large along each axis, by repeating or by linear interpolation.",
    .parameters = {{"factor", ArgumentType::integer, 1, 1024},
                   {"linear", ArgumentType::boolean, 0, 1, false, 0}},
    .make = make_upsample,
};
extern const LayerDef spatial_dropout_layer{
    .name = "spatial_dropout",
    .summary =
        "While training sets whole channels to zero with probability p and scales the others by 1 / (1 - p).",
    .parameters = {{"p", ArgumentType::real, 0.0, 0.999999}},
    .make = make_dropout,
};

}  // namespace retrograd::nn
