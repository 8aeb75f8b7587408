// A picture decoded to bytes, and its size without that. Finding files is in image_files.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

struct PictureSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;  // 1: grey, 3: red, green, blue
  bool operator==(const PictureSize&) const = default;
};

// Dimensions: H height, W width, C channels.
struct Picture {
  PictureSize size;
  std::vector<std::uint8_t> pixels;  // [H, W, C]
};

// Larger ones are refused before memory is taken.
inline constexpr std::int64_t most_pixels = std::int64_t{1} << 26;

// Of a PNG or JPEG file, told by its first bytes; `name` stands in messages. picture_size() reads the header
// alone; a PNG with a palette of grey tones is grey there and has three equal channels when read. Error(data)
// for what is neither, is too large, damaged or cut off.
PictureSize picture_size(std::string_view file, const std::string& name);
Picture read_picture(std::string_view file, const std::string& name);

// Each for its own kind of file.
PictureSize png_size(std::string_view file, const std::string& name);
Picture read_png(std::string_view file, const std::string& name);
PictureSize jpeg_size(std::string_view file, const std::string& name);
Picture read_jpeg(std::string_view file, const std::string& name);

// Throws Error(data) where it has more pixels than most_pixels, or none.
void check_pixels(std::int64_t height, std::int64_t width, const std::string& name);

// With height and width of its own; the picture itself where they are the same. A new pixel is the mean of
// the old ones weighted by a triangle around its centre that is one old pixel wide, or one new pixel where
// that is larger (bilinear interpolation without aliasing).
Picture resized(Picture picture, std::int64_t height, std::int64_t width);

// Writes the picture to `planes` [channels, H, W]: grey three times, or colours as their luminance
// 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
void put_planes(const Picture& picture, std::int64_t channels, std::uint8_t* planes);

}  // namespace retrograd::data
