// Reading a whole file, and the SHA-256 of bytes. Writing files is not found here.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace retrograd::data {

// The bytes of a file. Throws Error(data) naming the path and the reason where it cannot be read (missing, a
// folder, no permission).
std::string read_file(const std::string& path);

// SHA-256 (FIPS 180-4) of the pieces, one after the other; 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::string_view> pieces);
std::string sha256_hex(std::string_view bytes);

}  // namespace retrograd::data
