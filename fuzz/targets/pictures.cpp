// Pictures: PNG and JPEG files. A changed byte of a PNG seldom comes past its checksums; JPEG has none.
#include <retrograd/images.h>

#include "data/picture_files.h"
#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  static const auto encoder = retrograd::data::Encoder::images({3, 4, 4}, {"a", "b"});
  const MemoryFile file(bytes);
  refusing([&] { retrograd::data::load_images(file.path(), encoder, retrograd::data::Targets::ignored); });
}

std::vector<std::string> seeds() {
  picture_files::Samples grey{9, 7, {}}, colours{9, 7, {}};
  for (int i = 0; i < 63; ++i) grey.values.push_back(static_cast<std::uint8_t>(i * 4));
  for (int i = 0; i < 189; ++i) colours.values.push_back(static_cast<std::uint8_t>(i * i % 251));
  return {picture_files::png(grey), picture_files::png(colours, {.color_type = 2, .interlaced = true}),
          picture_files::jpeg(grey, 1), picture_files::jpeg(colours, 3),
          picture_files::jpeg(colours, 3, true)};
}

}  // namespace

const Target pictures{"pictures", feed, seeds};

}  // namespace fuzz
