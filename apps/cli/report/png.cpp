// PNG (ISO/IEC 15948): eight bits a channel, no filter, compressed by zlib; base64 (RFC 4648).
#include "cli/report/png.h"

#include <retrograd/error.h>
#include <zlib.h>

namespace cli::report {
namespace {

std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

const Bytef* bytes(const std::string& text) { return reinterpret_cast<const Bytef*>(text.data()); }

std::string chunk(const std::string& type, const std::string& content) {
  const std::string body = type + content;
  const uLong sum = crc32(crc32(0, nullptr, 0), bytes(body), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(content.size())) + body +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::string compressed(const std::string& text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string result(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(result.data()), &size, bytes(text), static_cast<uLong>(text.size()),
                9) != Z_OK) {
    throw retrograd::Error(retrograd::ErrorKind::internal, "png: zlib failed");
  }
  result.resize(size);
  return result;
}

}  // namespace

std::string png(std::span<const std::uint8_t> pixels, int width, int height, int channels) {
  std::string lines;
  const auto line = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  for (std::size_t y = 0; y < static_cast<std::size_t>(height); ++y) {
    lines += '\0';  // no filter
    lines.append(reinterpret_cast<const char*>(pixels.data()) + y * line, line);
  }
  std::string header =
      big_endian(static_cast<std::uint32_t>(width)) + big_endian(static_cast<std::uint32_t>(height));
  header += '\x08';
  header += channels == 3 ? '\x02' : '\0';
  header.append(3, '\0');  // compression, filter, no interlace
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", compressed(lines)) + chunk("IEND", "");
}

std::string data_uri(const std::string& png) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text = "data:image/png;base64,";
  for (std::size_t i = 0; i < png.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      three = three << 8 | (i + k < png.size() ? static_cast<unsigned char>(png[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > png.size() ? '=' : digits[three >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

}  // namespace cli::report
