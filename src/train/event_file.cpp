// TFRecord around the protobuf messages tensorflow.Event and tensorflow.Summary, of which a few fields are
// written:
//   Event   { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
//   Summary { repeated Value value = 1; }    Value { string tag = 1; float simple_value = 2; }
#include "train/event_file.h"

#include <array>
#include <bit>
#include <cmath>

namespace retrograd::train {
namespace {

// The remainders of all bytes, for the polynomial with its bits reversed.
constexpr std::array<std::uint32_t, 256> remainders = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ (remainder & 1 ? 0x82f63b78u : 0u);
    table[byte] = remainder;
  }
  return table;
}();

// The least significant byte first.
template <typename T>
std::string little_endian(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string variable_length(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7f) | 0x80);
  return bytes + static_cast<char>(value);
}

// Wire types of protobuf.
enum Wire : unsigned { varint = 0, fixed64 = 1, length = 2, fixed32 = 5 };

std::string key(unsigned field, Wire wire) { return variable_length(field << 3 | wire); }
std::string text_field(unsigned field, std::string_view text) {
  return key(field, Wire::length) + variable_length(text.size()) + std::string(text);
}
std::string double_field(unsigned field, double value) {
  return key(field, Wire::fixed64) + little_endian(std::bit_cast<std::uint64_t>(value));
}
std::string float_field(unsigned field, float value) {
  return key(field, Wire::fixed32) + little_endian(std::bit_cast<std::uint32_t>(value));
}

// A checksum of bytes that may hold checksums is rotated and moved, so that it is none of itself.
std::uint32_t masked(std::uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8u; }

std::string record(std::string_view data) {
  const std::string size = little_endian(static_cast<std::uint64_t>(data.size()));
  return size + little_endian(masked(crc32c(size))) + std::string(data) + little_endian(masked(crc32c(data)));
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ remainders[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::string first_event(double wall_time) {
  return record(double_field(1, wall_time) + text_field(3, "brain.Event:2"));
}

std::string scalar_event(double wall_time, std::int64_t step,
                         const std::vector<std::pair<std::string, double>>& scalars) {
  std::string summary;
  for (const auto& [tag, value] : scalars) {
    if (!std::isfinite(value)) continue;
    summary += text_field(1, text_field(1, tag) + float_field(2, static_cast<float>(value)));
  }
  return record(double_field(1, wall_time) + key(2, Wire::varint) +
                variable_length(static_cast<std::uint64_t>(step)) + text_field(5, summary));
}

}  // namespace retrograd::train
