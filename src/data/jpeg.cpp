// JPEG by libjpeg-turbo, turned upright as the camera says. An error of the library comes back by longjmp:
// functions that call setjmp hold nothing that has a destructor.
#include <csetjmp>
#include <cstdio>
#include <string_view>
// After <cstdio>, which it needs and does not include.
#include <jerror.h>
#include <jpeglib.h>

#include "core/fail.h"
#include "data/exif.h"
#include "data/picture.h"

namespace retrograd::data {
namespace {

// Cameras write about ten; a small file of many scans over large pictures costs much time.
constexpr int most_scans = 200;

class JpegReader {
 public:
  JpegReader(std::string_view file, const std::string& name) : name_(name), file_(file) {
    decoder_.err = jpeg_std_error(&errors_);
    decoder_.client_data = this;
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    progress_.progress_monitor = on_progress;
  }
  ~JpegReader() { jpeg_destroy_decompress(&decoder_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  // Reads the header; of the picture as it is stored.
  PictureSize size() {
    if (!read_header()) fail_reading();
    check_pixels(decoder_.image_height, decoder_.image_width, name_);
    if (decoder_.jpeg_color_space == JCS_CMYK || decoder_.jpeg_color_space == JCS_YCCK) {
      fail(ErrorKind::data, "{}: has the colours of print (CMYK); expected grey or RGB", name_);
    }
    return {decoder_.image_height, decoder_.image_width, decoder_.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3};
  }

  // 1 to 8, between size() and picture().
  int orientation() const {
    using namespace std::string_view_literals;
    for (jpeg_saved_marker_ptr marker = decoder_.marker_list; marker != nullptr; marker = marker->next) {
      const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
      if (data.starts_with("Exif\0\0"sv)) return exif_orientation(data.substr(6));
    }
    return 1;
  }

  // After size().
  Picture picture(const PictureSize& size) {
    Picture picture{size, {}};
    picture.pixels.resize(static_cast<std::size_t>(size.height * size.width * size.channels));
    if (!read_rows(picture.pixels.data(), static_cast<std::size_t>(size.width * size.channels))) {
      fail_reading();
    }
    return picture;
  }

 private:
  static JpegReader* reader_of(j_common_ptr decoder) {
    return static_cast<JpegReader*>(decoder->client_data);
  }
  [[noreturn]] static void on_error(j_common_ptr decoder) {
    JpegReader* reader = reader_of(decoder);
    decoder->err->format_message(decoder, reader->error_);
    std::longjmp(reader->jump_, 1);
  }
  // A warning says that pixels are guessed, but for those that leave the picture whole.
  static void on_message(j_common_ptr decoder, int level) {
    if (level >= 0) return;
    const int code = decoder->err->msg_code;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_TOO_MUCH_DATA || code == JWRN_ADOBE_XFORM ||
        code == JWRN_JFIF_MAJOR) {
      return;
    }
    on_error(decoder);
  }
  static void on_progress(j_common_ptr decoder) {
    if (reinterpret_cast<j_decompress_ptr>(decoder)->input_scan_number <= most_scans) return;
    JpegReader* reader = reader_of(decoder);
    std::snprintf(reader->error_, sizeof reader->error_, "has more than %d scans", most_scans);
    std::longjmp(reader->jump_, 1);
  }

  bool read_header() {
    if (setjmp(jump_) != 0) return false;
    jpeg_create_decompress(&decoder_);
    decoder_.progress = &progress_;
    jpeg_mem_src(&decoder_, reinterpret_cast<const unsigned char*>(file_.data()), file_.size());
    jpeg_save_markers(&decoder_, JPEG_APP0 + 1, 0xffff);  // Exif
    jpeg_read_header(&decoder_, TRUE);
    return true;
  }
  bool read_rows(std::uint8_t* pixels, std::size_t row_size) {
    if (setjmp(jump_) != 0) return false;
    decoder_.out_color_space = decoder_.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&decoder_);
    while (decoder_.output_scanline < decoder_.output_height) {
      JSAMPROW row = pixels + decoder_.output_scanline * row_size;
      jpeg_read_scanlines(&decoder_, &row, 1);
    }
    jpeg_finish_decompress(&decoder_);
    return true;
  }

  [[noreturn]] void fail_reading() const { fail(ErrorKind::data, "{}: JPEG: {}", name_, error_); }

  const std::string& name_;
  std::string_view file_;
  jpeg_decompress_struct decoder_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_;
  char error_[JMSG_LENGTH_MAX] = "";
};

}  // namespace

PictureSize jpeg_size(std::string_view file, const std::string& name) {
  JpegReader reader(file, name);
  const PictureSize stored = reader.size();
  return upright(stored, reader.orientation());
}

Picture read_jpeg(std::string_view file, const std::string& name) {
  JpegReader reader(file, name);
  const PictureSize stored = reader.size();
  const int orientation = reader.orientation();
  return upright(reader.picture(stored), orientation);
}

}  // namespace retrograd::data
