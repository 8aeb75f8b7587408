// The header of IDX and its check against the bytes that are there.
#include "data/idx.h"

#include <cstring>
#include <limits>

#include "core/fail.h"

namespace retrograd::data {
namespace {

constexpr unsigned unsigned_bytes = 0x08;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  return value;
}

bool is_gzip(std::string_view file) { return file.starts_with("\x1f\x8b"); }

// The bytes of a header with `rank` extents.
std::size_t header_size(int rank) { return 4 + 4 * static_cast<std::size_t>(rank); }

void check_magic(std::string_view file, const std::string& name, int rank) {
  if (file.size() < 4)
    fail(ErrorKind::data, "{}: has {} bytes, too few for an IDX header", name, file.size());
  const std::uint32_t magic = big_endian(file);
  const std::uint32_t expected = unsigned_bytes << 8 | static_cast<std::uint32_t>(rank);
  if (magic >> 16 != 0) {
    fail(ErrorKind::data, "{}: is not an IDX file: begins with {:#010x}, expected {:#010x}", name, magic,
         expected);
  }
  if ((magic >> 8) != unsigned_bytes) {
    fail(ErrorKind::data, "{}: has elements of IDX type {:#04x}; expected unsigned bytes, {:#04x}", name,
         magic >> 8, unsigned_bytes);
  }
  if (magic != expected) {
    fail(ErrorKind::data, "{}: has {} extents, expected {} as {} have", name, magic & 0xFF, rank,
         rank == 1 ? "labels" : "images");
  }
  if (file.size() < header_size(rank)) {
    fail(ErrorKind::data, "{}: the header is cut off: {} bytes, expected {}", name, file.size(),
         header_size(rank));
  }
}

// Fills extents and size from the header.
Idx read_header(std::string_view file, const std::string& name, int rank) {
  check_magic(file, name, rank);
  Idx idx;
  idx.size = 1;
  for (int axis = 0; axis < rank; ++axis) {
    const std::int64_t extent = big_endian(file.substr(4 + 4 * static_cast<std::size_t>(axis)));
    if (extent == 0) fail(ErrorKind::data, "{}: extent {} is zero; there is nothing in the file", name, axis);
    if (idx.size > std::numeric_limits<std::int64_t>::max() / 2 / extent) {
      fail(ErrorKind::data, "{}: the header promises more bytes than can be counted; the file has {}", name,
           file.size());
    }
    idx.extents.push_back(extent);
    idx.size *= extent;
  }
  return idx;
}

[[noreturn]] void fail_size(const std::string& name, const Idx& idx, std::size_t there, bool more) {
  std::string product;
  for (std::int64_t extent : idx.extents)
    product += fmt::format("{}{}", product.empty() ? "" : " x ", extent);
  fail(ErrorKind::data, "{}: the header promises {} bytes of data ({}), the file has {}{}", name, idx.size,
       product, more ? "more than " : "", there);
}

}  // namespace

Idx parse_idx(std::string_view file, const std::string& name, int rank) {
  const std::size_t header = header_size(rank);
  std::string inflated;
  bool ended = true;
  if (is_gzip(file)) {
    // First the header alone, then as much as it promises, if that is there.
    const std::string first = inflate_gzip(file, name, header, ended);
    const Idx promised = read_header(first, name, rank);
    inflated = inflate_gzip(file, name, header + static_cast<std::size_t>(promised.size), ended);
    file = inflated;
  }
  Idx idx = read_header(file, name, rank);
  const std::size_t there = file.size() - header;
  const auto promised = static_cast<std::size_t>(idx.size);
  if (there != promised || !ended) fail_size(name, idx, there, !ended);
  idx.bytes = std::make_shared<Buffer>(there);
  std::memcpy(idx.bytes->data(), file.data() + header, there);
  return idx;
}

}  // namespace retrograd::data
