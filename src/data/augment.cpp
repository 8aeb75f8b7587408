// Changing images at random. Texts of augmentations are in augmentation_text.cpp.
// Dimensions: C channels, H height, W width.
#include <retrograd/augmentation.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/random.h"

namespace retrograd::data {
namespace {

// The place in the old image, in pixels, from which a new pixel comes:
// y = yy * row + yx * column + y0, x = xy * row + xx * column + x0.
struct Map {
  double yy = 1, yx = 0, y0 = 0;
  double xy = 0, xx = 1, x0 = 0;
};

// Uniform in -1 <= x < 1, a multiple of 2^-31.
double both_sides(RandomWords& random) { return static_cast<double>(random.next()) * 0x1p-31 - 1; }

std::int64_t whole(RandomWords& random, std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least + 1)));
}

// About the centre: first shift and flip, then the rotation, then the crop, each seen from the new image.
Map draw_map(const Augmentation& a, RandomWords& random, double height, double width) {
  const double down = static_cast<double>(whole(random, -a.shift, a.shift));
  const double right = static_cast<double>(whole(random, -a.shift, a.shift));
  const double side = a.flip && random.below(2) == 1 ? -1 : 1;
  const double angle = a.rotate * std::numbers::pi / 180 * both_sides(random);
  const double size = 1 - (1 - a.crop) * (both_sides(random) + 1) / 2;
  const double lower = (1 - size) * height / 2 * both_sides(random);
  const double further = (1 - size) * width / 2 * both_sides(random);
  const double cosine = a.rotate > 0 ? std::cos(angle) * size : size;
  const double sine = a.rotate > 0 ? std::sin(angle) * size : 0;

  Map map{.yy = cosine, .yx = sine * side, .xy = -sine, .xx = cosine * side};
  // The centre of the first pixel, seen from the centre of the image.
  const double v = 0.5 - height / 2 - down, u = (0.5 - width / 2) - right;
  map.y0 = cosine * v + sine * side * u + lower + height / 2 - 0.5;
  map.x0 = -sine * v + cosine * side * u + further + width / 2 - 0.5;
  return map;
}

// One channel: bilinear between the four pixels around the place, those outside being 0.
void resample(const Map& map, std::int64_t height, std::int64_t width, const float* from, float* to) {
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return y >= 0 && y < height && x >= 0 && x < width ? from[y * width + x] : 0.0f;
  };
  for (std::int64_t row = 0; row < height; ++row) {
    for (std::int64_t column = 0; column < width; ++column) {
      const double r = static_cast<double>(row), c = static_cast<double>(column);
      const double y = map.yy * r + map.yx * c + map.y0, x = map.xy * r + map.xx * c + map.x0;
      const double top = std::floor(y), left = std::floor(x);
      const auto y0 = static_cast<std::int64_t>(top), x0 = static_cast<std::int64_t>(left);
      const auto dy = static_cast<float>(y - top), dx = static_cast<float>(x - left);
      const float upper = (1 - dx) * pixel(y0, x0) + dx * pixel(y0, x0 + 1);
      const float lower = (1 - dx) * pixel(y0 + 1, x0) + dx * pixel(y0 + 1, x0 + 1);
      *to++ = (1 - dy) * upper + dy * lower;
    }
  }
}

void cut_out(std::int64_t side, RandomWords& random, const Shape& sample, float* image) {
  const std::int64_t height = sample[1], width = sample[2];
  const std::int64_t top = whole(random, 0, height - 1) - side / 2;
  const std::int64_t left = whole(random, 0, width - 1) - side / 2;
  for (std::int64_t c = 0; c < sample[0]; ++c, image += height * width) {
    for (std::int64_t y = std::max<std::int64_t>(top, 0); y < std::min(top + side, height); ++y) {
      const std::int64_t first = std::max<std::int64_t>(left, 0), end = std::min(left + side, width);
      std::fill_n(image + y * width + first, end - first, 0.0f);
    }
  }
}

}  // namespace

void augment(const Augmentation& a, std::uint64_t seed, std::int64_t epoch,
             std::span<const std::int64_t> rows, const Shape& sample, float* images,
             std::vector<float>& scratch) {
  check_augmentation(a, sample);
  const std::int64_t plane = sample[1] * sample[2];
  const bool moved = a.shift > 0 || a.flip || a.crop < 1 || a.rotate > 0;
  scratch.resize(static_cast<std::size_t>(plane));
  for (const std::int64_t row : rows) {
    RandomWords random(seed, Purpose::augmentation,
                       static_cast<std::uint64_t>(epoch) << 32 | static_cast<std::uint64_t>(row));
    if (moved) {
      const Map map = draw_map(a, random, static_cast<double>(sample[1]), static_cast<double>(sample[2]));
      for (std::int64_t c = 0; c < sample[0]; ++c) {
        resample(map, sample[1], sample[2], images + c * plane, scratch.data());
        std::copy(scratch.begin(), scratch.end(), images + c * plane);
      }
    }
    if (a.cutout > 0) cut_out(a.cutout, random, sample, images);
    images += sample.size();
  }
}

}  // namespace retrograd::data
