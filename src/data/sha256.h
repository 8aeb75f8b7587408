// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace retrograd::data {

class Sha256 {
 public:
  void update(std::string_view bytes);
  // 64 lower-case hexadecimal digits of all bytes so far; nothing may follow.
  std::string hex();

 private:
  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_{};  // the first used_ bytes wait for the rest of a block
  std::size_t used_ = 0;
  std::uint64_t bytes_ = 0;
};

// Whole blocks of 64 bytes by the instructions of x86 for it. False where the processor has none, and nothing
// is done: sha256_x86.cpp.
bool sha256_blocks_fast(std::uint32_t* state, const unsigned char* bytes, std::size_t blocks) noexcept;

}  // namespace retrograd::data
