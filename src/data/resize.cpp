// Resizing a picture: columns first, then rows.
#include <algorithm>
#include <cmath>
#include <utility>

#include "data/picture.h"

namespace retrograd::data {
namespace {

// The old pixels that make a new one along one side.
struct Taps {
  std::int64_t first = 0;
  std::vector<float> weights;  // of sum 1
};

std::vector<Taps> make_taps(std::int64_t from, std::int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double reach = std::max(scale, 1.0);
  std::vector<Taps> all(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    const double centre = (static_cast<double>(i) + 0.5) * scale;
    taps.first = std::max<std::int64_t>(static_cast<std::int64_t>(std::floor(centre - reach + 0.5)), 0);
    const std::int64_t end = std::min<std::int64_t>(static_cast<std::int64_t>(centre + reach + 0.5), from);
    std::vector<double> triangle;
    double sum = 0;
    for (std::int64_t k = taps.first; k < end; ++k) {
      const double distance = std::abs(static_cast<double>(k) + 0.5 - centre) / reach;
      triangle.push_back(std::max(1.0 - distance, 0.0));
      sum += triangle.back();
    }
    for (const double weight : triangle) taps.weights.push_back(static_cast<float>(weight / sum));
  }
  return all;
}

// Rows [H, W_old, C] of bytes to [H, W, C].
std::vector<float> resize_columns(const Picture& picture, std::int64_t width) {
  const auto [height, old_width, channels] = picture.size;
  const std::vector<Taps> taps = make_taps(old_width, width);
  std::vector<float> rows(static_cast<std::size_t>(height * width * channels), 0.0f);
  float* to = rows.data();
  for (std::int64_t y = 0; y < height; ++y) {
    const std::uint8_t* row = picture.pixels.data() + y * old_width * channels;
    for (const Taps& tap : taps) {
      const std::uint8_t* from = row + tap.first * channels;
      for (const float weight : tap.weights) {
        for (std::int64_t c = 0; c < channels; ++c) to[c] += weight * static_cast<float>(*from++);
      }
      to += channels;
    }
  }
  return rows;
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5f), 0.0f, 255.0f));
}

}  // namespace

Picture resized(Picture picture, std::int64_t height, std::int64_t width) {
  if (picture.size.height == height && picture.size.width == width) return picture;
  const std::vector<float> rows = resize_columns(picture, width);
  const std::int64_t row_size = width * picture.size.channels;
  Picture result{{height, width, picture.size.channels}, {}};
  result.pixels.reserve(static_cast<std::size_t>(height * row_size));
  std::vector<float> sum(static_cast<std::size_t>(row_size));
  for (const Taps& tap : make_taps(picture.size.height, height)) {
    std::fill(sum.begin(), sum.end(), 0.0f);
    const float* from = rows.data() + tap.first * row_size;
    for (const float weight : tap.weights) {
      for (float& value : sum) value += weight * *from++;
    }
    for (const float value : sum) result.pixels.push_back(to_byte(value));
  }
  return result;
}

}  // namespace retrograd::data
