// Changes of images at random while a network learns, so that it sees each image otherwise in each epoch.
// They are not for validation, tests or predictions.
#pragma once

#include <retrograd/shape.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// What an image undergoes. Shift, rotation and crop are one resampling (bilinear where pixels do not fall on
// pixels); what comes from outside the image is 0. Uniform draws, of their own for each image.
struct Augmentation {
  std::int64_t shift = 0;   // pixels at most, along both sides
  bool flip = false;        // left and right change places, for half of the images
  double crop = 1;          // a part with at least this share of the sides, as large as the image again
  double rotate = 0;        // degrees at most, to both sides, about the centre
  std::int64_t cutout = 0;  // side of a square of zeros; its centre is anywhere (DeVries and Taylor 2017)

  bool empty() const { return *this == Augmentation(); }
  // "shift(2), flip, crop(0.875), rotate(15), cutout(8)": what it has of these, in this order.
  std::string text() const;
  bool operator==(const Augmentation&) const = default;
};

// Of a text as text() gives; without numbers shift(2), crop(0.875), rotate(15), cutout(8). Throws
// Error(argument) for an unknown name ("did you mean"), one that is there twice and a number out of range:
// shift and cutout whole and at least 1, 0 < crop <= 1, 0 < rotate <= 180.
Augmentation parse_augmentation(std::string_view text);

// Throws Error(argument) where a sample is no image [C, H, W], or shift is not below its sides.
void check_augmentation(const Augmentation& augmentation, const Shape& sample);

// Changes images [rows.size(), C, H, W] in memory of the caller. What happens to one depends on seed, epoch
// and its row number alone. `scratch` is used again from call to call.
void augment(const Augmentation& augmentation, std::uint64_t seed, std::int64_t epoch,
             std::span<const std::int64_t> rows, const Shape& sample, float* images,
             std::vector<float>& scratch);

}  // namespace retrograd::data
