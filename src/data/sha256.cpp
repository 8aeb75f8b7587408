// SHA-256 by libmd.
#include <sha2.h>

#include "data/file.h"

namespace retrograd::data {

std::string sha256_hex(std::span<const std::string_view> pieces) {
  SHA2_CTX context;
  SHA256Init(&context);
  for (std::string_view piece : pieces) {
    SHA256Update(&context, reinterpret_cast<const unsigned char*>(piece.data()), piece.size());
  }
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256Final(digest, &context);

  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned char byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) { return sha256_hex(std::span(&bytes, 1)); }

}  // namespace retrograd::data
