// Names and versions of the libraries that read pictures and compressed files.
#include <png.h>
#include <retrograd/images.h>
#include <zlib.h>

#include <cstdio>
// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

#include "core/fail.h"

namespace retrograd::data {
namespace {

#define RETROGRAD_TEXT(words) #words
#define RETROGRAD_TEXT_OF(macro) RETROGRAD_TEXT(macro)

std::pair<std::string, std::string> jpeg() {
#ifdef LIBJPEG_TURBO_VERSION
  return {"libjpeg-turbo", RETROGRAD_TEXT_OF(LIBJPEG_TURBO_VERSION)};
#else
  return {"libjpeg", fmt::format("{}.{}", JPEG_LIB_VERSION / 10, JPEG_LIB_VERSION % 10)};
#endif
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reading_libraries() {
  return {{"libpng", png_get_libpng_ver(nullptr)}, jpeg(), {"zlib", zlibVersion()}};
}

}  // namespace retrograd::data
