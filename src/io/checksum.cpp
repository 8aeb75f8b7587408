// CRC-32 of zlib within a safetensors file.
#include "io/checksum.h"

#include <zlib.h>

#include <algorithm>

#include "core/fail.h"

namespace retrograd::io {
namespace {

constexpr std::string_view key = "crc32";
constexpr std::string_view zeros = "00000000";

std::string checksum(std::string_view bytes) {
  uLong crc = crc32(0L, Z_NULL, 0);
  while (!bytes.empty()) {
    const std::size_t piece =
        std::min<std::size_t>(bytes.size(), std::size_t{1} << 30);  // zlib counts in 32 bits
    crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(piece));
    bytes.remove_prefix(piece);
  }
  return fmt::format("{:08x}", crc);
}

// Where the eight digits stand. Within a string of the header the quotes would be escaped, so this is the
// entry itself.
std::size_t find_digits(std::string_view bytes) {
  const std::string entry = fmt::format("\"{}\":\"", key);
  const std::size_t begin = bytes.find(entry);
  if (begin == std::string_view::npos || bytes.size() - begin < entry.size() + zeros.size())
    return bytes.npos;
  return begin + entry.size();
}

}  // namespace

std::string bytes_with_checksum(const TensorFile& file, std::string_view caller) {
  TensorFile with_checksum = file;
  if (!with_checksum.metadata.emplace(key, zeros).second) {
    fail(ErrorKind::argument, "{}: the metadata holds \"{}\" already", caller, key);
  }
  std::string bytes = safetensors_bytes(with_checksum);
  bytes.replace(find_digits(bytes), zeros.size(), checksum(bytes));
  return bytes;
}

bool take_checksum(std::map<std::string, std::string>& metadata, std::string bytes, std::string_view path) {
  const auto given = metadata.find(std::string(key));
  if (given == metadata.end()) return false;
  const std::size_t digits = find_digits(bytes);
  if (digits != std::string::npos) bytes.replace(digits, zeros.size(), zeros);
  if (const std::string found = checksum(bytes); found != given->second) {
    fail(ErrorKind::data, "{}: the file is damaged: its checksum is {}, expected {}", path, found,
         given->second.substr(0, zeros.size()));
  }
  metadata.erase(given);
  return true;
}

}  // namespace retrograd::io
