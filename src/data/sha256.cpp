// SHA-256: blocks by the processor's instructions where it has them, else by libmd.
#include "data/sha256.h"

#include <sha2.h>

#include <algorithm>
#include <cstring>

#include "data/file.h"

namespace retrograd::data {
namespace {

void add_blocks(std::uint32_t* state, const unsigned char* bytes, std::size_t blocks) {
  if (sha256_blocks_fast(state, bytes, blocks)) return;
  for (std::size_t i = 0; i < blocks; ++i) SHA256Transform(state, bytes + i * 64);
}

}  // namespace

void Sha256::update(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  bytes_ += left;
  if (used_ > 0) {
    const std::size_t taken = std::min(left, block_.size() - used_);
    std::copy_n(at, taken, block_.data() + used_);
    used_ += taken;
    at += taken;
    left -= taken;
    if (used_ < block_.size()) return;
    add_blocks(state_.data(), block_.data(), 1);
    used_ = 0;
  }
  add_blocks(state_.data(), at, left / 64);
  used_ = left % 64;
  std::copy_n(at + (left - used_), used_, block_.data());
}

std::string Sha256::hex() {
  const std::uint64_t bits = bytes_ * 8;
  std::string padding(1 + (used_ < 56 ? 55 : 119) - used_, '\0');
  padding[0] = '\x80';
  for (int shift = 56; shift >= 0; shift -= 8) padding += static_cast<char>(bits >> shift & 255);
  update(padding);

  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint32_t word : state_) {
    for (int shift = 28; shift >= 0; shift -= 4) text += digits[word >> shift & 15];
  }
  return text;
}

std::string sha256_hex(std::span<const std::string_view> pieces) {
  Sha256 digest;
  for (const std::string_view piece : pieces) digest.update(piece);
  return digest.hex();
}

std::string sha256_hex(std::string_view bytes) { return sha256_hex(std::span(&bytes, 1)); }

}  // namespace retrograd::data
