// PNG by libpng. An error of the library comes back by longjmp: functions that call setjmp hold nothing that
// has a destructor.
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include "core/fail.h"
#include "data/picture.h"

namespace retrograd::data {
namespace {

// Deflate makes no byte into more than 1032 (zlib, "Maximum Compression Factor").
constexpr std::size_t most_from_a_byte = 1032;

class PngReader {
 public:
  PngReader(std::string_view file, const std::string& name) : name_(name), file_(file), left_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) fail(ErrorKind::data, "{}: no memory to read it", name);
    png_set_read_fn(png_, this, read_bytes);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  // Reads all before the pixels.
  PictureSize size() {
    if (!read_header()) fail_reading();
    const std::int64_t height = png_get_image_height(png_, info_), width = png_get_image_width(png_, info_);
    check_pixels(height, width, name_);
    if (static_cast<std::size_t>(height) * png_get_rowbytes(png_, info_) >
        (file_.size() + 1) * most_from_a_byte) {
      fail(ErrorKind::data, "{}: the header promises {} x {} pixels, which {} bytes cannot hold", name_,
           height, width, file_.size());
    }
    return {height, width, is_grey() ? 1 : 3};
  }

  // After size().
  Picture picture() {
    if (!prepare()) fail_reading();
    const auto height = static_cast<std::size_t>(png_get_image_height(png_, info_));
    const std::size_t row_size = png_get_rowbytes(png_, info_);
    const std::int64_t channels = png_get_channels(png_, info_);
    Picture picture;
    picture.size = {static_cast<std::int64_t>(height), png_get_image_width(png_, info_), channels};
    picture.pixels.resize(height * row_size);
    std::vector<png_bytep> rows(height);
    for (std::size_t i = 0; i < height; ++i) rows[i] = picture.pixels.data() + i * row_size;
    if (!read_rows(rows.data())) fail_reading();
    if (channels % 2 == 0) lay_on_white(picture);
    return picture;
  }

 private:
  [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
    auto* reader = static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(reader->error_, sizeof reader->error_, "%s", message);
    png_longjmp(png, 1);
  }
  static void on_warning(png_structp, png_const_charp) {}
  static void read_bytes(png_structp png, png_bytep to, std::size_t count) {
    auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader->left_.size()) png_error(png, "the file is cut off");
    std::memcpy(to, reader->left_.data(), count);
    reader->left_.remove_prefix(count);
  }

  bool read_header() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_info(png_, info_);
    return true;
  }
  // Bytes of grey or red, green, blue, with alpha where there is any.
  bool prepare() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    png_set_scale_16(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }
  bool read_rows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  bool is_grey() {
    png_colorp palette = nullptr;
    int count = 0;
    if (png_get_color_type(png_, info_) != PNG_COLOR_TYPE_PALETTE) {
      return (png_get_color_type(png_, info_) & PNG_COLOR_MASK_COLOR) == 0;
    }
    png_get_PLTE(png_, info_, &palette, &count);
    for (int i = 0; i < count; ++i) {
      if (palette[i].red != palette[i].green || palette[i].red != palette[i].blue) return false;
    }
    return true;
  }

  // The last channel is alpha, which goes: a * c + (1 - a) * 255, rounded.
  static void lay_on_white(Picture& picture) {
    const auto with = static_cast<std::size_t>(picture.size.channels), without = with - 1;
    const std::size_t pixels = picture.pixels.size() / with;
    for (std::size_t i = 0; i < pixels; ++i) {
      const std::uint8_t* from = picture.pixels.data() + i * with;
      const int alpha = from[without];
      for (std::size_t c = 0; c < without; ++c) {
        const int sum = from[c] * alpha + 255 * (255 - alpha);
        picture.pixels[i * without + c] = static_cast<std::uint8_t>((sum + 127) / 255);
      }
    }
    picture.pixels.resize(pixels * without);
    picture.size.channels = static_cast<std::int64_t>(without);
  }

  [[noreturn]] void fail_reading() const { fail(ErrorKind::data, "{}: PNG: {}", name_, error_); }

  const std::string& name_;
  std::string_view file_, left_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  char error_[200] = "";
};

}  // namespace

PictureSize png_size(std::string_view file, const std::string& name) { return PngReader(file, name).size(); }

Picture read_png(std::string_view file, const std::string& name) {
  PngReader reader(file, name);
  reader.size();
  return reader.picture();
}

}  // namespace retrograd::data
