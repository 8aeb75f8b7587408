// What kind of picture a file is, and its bytes as planes. Decoding is in png.cpp and jpeg.cpp.
#include "data/picture.h"

#include "core/fail.h"

namespace retrograd::data {
namespace {

bool is_png(std::string_view file) { return file.starts_with("\x89PNG\r\n\x1a\n"); }
bool is_jpeg(std::string_view file) { return file.starts_with("\xff\xd8\xff"); }

[[noreturn]] void fail_kind(std::string_view file, const std::string& name) {
  if (file.empty()) fail(ErrorKind::data, "{}: is empty", name);
  std::string begin;
  for (const char byte : file.substr(0, 4)) {
    begin += fmt::format("{}{:02x}", begin.empty() ? "" : " ", static_cast<unsigned char>(byte));
  }
  fail(ErrorKind::data, "{}: is neither PNG nor JPEG: begins with {}", name, begin);
}

}  // namespace

PictureSize picture_size(std::string_view file, const std::string& name) {
  if (is_png(file)) return png_size(file, name);
  if (is_jpeg(file)) return jpeg_size(file, name);
  fail_kind(file, name);
}

Picture read_picture(std::string_view file, const std::string& name) {
  if (is_png(file)) return read_png(file, name);
  if (is_jpeg(file)) return read_jpeg(file, name);
  fail_kind(file, name);
}

void check_pixels(std::int64_t height, std::int64_t width, const std::string& name) {
  if (height < 1 || width < 1) fail(ErrorKind::data, "{}: has no pixels: {} x {}", name, height, width);
  if (height <= most_pixels / width) return;
  fail(ErrorKind::data, "{}: has {} x {} pixels; expected at most {} in all", name, height, width,
       most_pixels);
}

void put_planes(const Picture& picture, std::int64_t channels, std::uint8_t* planes) {
  const std::int64_t pixels = picture.size.height * picture.size.width;
  const std::int64_t from = picture.size.channels;
  const std::uint8_t* pixel = picture.pixels.data();
  for (std::int64_t i = 0; i < pixels; ++i, pixel += from) {
    if (channels == 1 && from == 3) {
      planes[i] = static_cast<std::uint8_t>((299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000);
      continue;
    }
    for (std::int64_t c = 0; c < channels; ++c) planes[c * pixels + i] = pixel[from == 1 ? 0 : c];
  }
}

}  // namespace retrograd::data
