// The orientation of a picture: reading it, and turning the picture.
#include "data/exif.h"

#include <cstddef>
#include <optional>

namespace retrograd::data {
namespace {

constexpr std::uint32_t orientation_tag = 274, type_short = 3;

// Numbers of a TIFF structure in its byte order.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : bytes_(bytes), is_little_(bytes.starts_with("II")) {}
  // Nothing beyond the end.
  std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t from = at + (is_little_ ? size - 1 - i : i);
      value = value << 8 | static_cast<unsigned char>(bytes_[from]);
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool is_little_;
};

// Where the pixel of the upright picture at (y, x) lies in one of height H and width W as it was stored.
struct Place {
  std::int64_t row, column;
};
Place stored_place(int orientation, std::int64_t H, std::int64_t W, std::int64_t y, std::int64_t x) {
  switch (orientation) {
    case 2:
      return {y, W - 1 - x};
    case 3:
      return {H - 1 - y, W - 1 - x};
    case 4:
      return {H - 1 - y, x};
    case 5:
      return {x, y};
    case 6:
      return {H - 1 - x, y};
    case 7:
      return {H - 1 - x, W - 1 - y};
    case 8:
      return {x, W - 1 - y};
    default:
      return {y, x};
  }
}

}  // namespace

int exif_orientation(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (!bytes.starts_with("II*\0"sv) && !bytes.starts_with("MM\0*"sv)) return 1;
  const Tiff tiff(bytes);
  const auto directory = tiff.number(4, 4);
  if (!directory) return 1;
  const auto entries = tiff.number(*directory, 2);
  for (std::uint32_t i = 0; entries && i < *entries; ++i) {
    const std::size_t entry = std::size_t{*directory} + 2 + std::size_t{12} * i;
    const auto tag = tiff.number(entry, 2), type = tiff.number(entry + 2, 2),
               value = tiff.number(entry + 8, 2);
    if (!tag || !type || !value) return 1;
    if (*tag == orientation_tag) {
      return *type == type_short && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
    }
  }
  return 1;
}

PictureSize upright(const PictureSize& size, int orientation) {
  return orientation < 5 ? size : PictureSize{size.width, size.height, size.channels};
}

Picture upright(Picture picture, int orientation) {
  if (orientation == 1) return picture;
  const PictureSize& from = picture.size;
  Picture turned{upright(from, orientation), {}};
  turned.pixels.reserve(picture.pixels.size());
  for (std::int64_t y = 0; y < turned.size.height; ++y) {
    for (std::int64_t x = 0; x < turned.size.width; ++x) {
      const Place place = stored_place(orientation, from.height, from.width, y, x);
      const std::uint8_t* pixel =
          picture.pixels.data() + (place.row * from.width + place.column) * from.channels;
      turned.pixels.insert(turned.pixels.end(), pixel, pixel + from.channels);
    }
  }
  return turned;
}

}  // namespace retrograd::data
