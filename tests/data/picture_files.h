// The bytes of PNG and JPEG files, for tests of what reads them.
#pragma once

#include <png.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>
// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

namespace picture_files {

// Samples of a picture [H, W, C], row-major.
struct Samples {
  int height = 0;
  int width = 0;
  std::vector<std::uint8_t> values;
};

// All of one value, or of one colour.
inline Samples filled(int height, int width, const std::vector<std::uint8_t>& pixel) {
  Samples samples{height, width, {}};
  for (int i = 0; i < height * width; ++i) {
    samples.values.insert(samples.values.end(), pixel.begin(), pixel.end());
  }
  return samples;
}

struct PngForm {
  int color_type = PNG_COLOR_TYPE_GRAY;
  int depth = 8;                     // bits of a sample; the samples given are packed rows
  std::vector<png_color> palette{};  // where the colour type has one
  bool interlaced = false;
};

inline std::string png(const Samples& samples, const PngForm& form = {}) {
  std::string bytes;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  if (setjmp(png_jmpbuf(writer)) != 0) throw std::runtime_error("libpng writes no such file");
  png_set_write_fn(
      writer, &bytes,
      [](png_structp png, png_bytep from, size_t count) {
        static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(from), count);
      },
      [](png_structp) {});
  png_set_IHDR(writer, info, static_cast<png_uint_32>(samples.width),
               static_cast<png_uint_32>(samples.height), form.depth, form.color_type,
               form.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!form.palette.empty()) {
    png_set_PLTE(writer, info, form.palette.data(), static_cast<int>(form.palette.size()));
  }
  png_write_info(writer, info);
  const std::size_t row_size = samples.values.size() / static_cast<std::size_t>(samples.height);
  std::vector<png_bytep> rows;
  for (int y = 0; y < samples.height; ++y) {
    rows.push_back(const_cast<png_bytep>(samples.values.data()) + static_cast<std::size_t>(y) * row_size);
  }
  png_write_image(writer, rows.data());
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
  return bytes;
}

// Grey (1 channel), colours (3) or the inks of print (4); the quality is the best.
inline std::string jpeg(const Samples& samples, int channels, bool progressive = false) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &memory, &size);
  encoder.image_height = static_cast<JDIMENSION>(samples.height);
  encoder.image_width = static_cast<JDIMENSION>(samples.width);
  encoder.input_components = channels;
  encoder.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 100, TRUE);
  if (progressive) jpeg_simple_progression(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < encoder.image_height) {
    auto* row = const_cast<JSAMPROW>(samples.values.data()) +
                encoder.next_scanline * static_cast<std::size_t>(samples.width * channels);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  const std::string bytes(reinterpret_cast<char*>(memory), size);
  jpeg_destroy_compress(&encoder);
  std::free(memory);
  return bytes;
}

}  // namespace picture_files
