// A checksum within a safetensors file: the entry "crc32" of its metadata, over all bytes of the file with
// the digits of the checksum as zeros. The form of the file is in safetensors.cpp.
#pragma once

#include <retrograd/io.h>

#include <map>
#include <string>
#include <string_view>

namespace retrograd::io {

// The bytes of the file with the checksum. Throws Error(argument), naming `caller`, where the metadata holds
// one already.
std::string bytes_with_checksum(const TensorFile& file, std::string_view caller);

// Takes the checksum out of `metadata`, those of `bytes`; false where there is none. Throws Error(data),
// naming `path`, where it does not match.
bool take_checksum(std::map<std::string, std::string>& metadata, std::string bytes, std::string_view path);

}  // namespace retrograd::io
