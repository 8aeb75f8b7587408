// Reading a whole file, and the SHA-256 of bytes. Writing files is not found here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace retrograd::data {

// An open regular file that several threads may read at once.
class OpenFile {
 public:
  // Throws Error(data) as read_file does, also where the file is not a regular one.
  explicit OpenFile(std::string path);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // When it was opened.
  std::int64_t size() const { return size_; }
  // Fills `bytes` with those from `offset` on. Throws Error(data) where the file has become shorter.
  void read(std::int64_t offset, std::span<char> bytes) const;
  // Throws Error(io) where its size or the time of its last change is another than when it was opened.
  void check_unchanged() const;
  [[noreturn]] void fail_changed() const;

 private:
  std::string path_;
  int descriptor_;
  std::int64_t size_ = 0;
  std::int64_t changed_seconds_ = 0, changed_nanoseconds_ = 0;
};

// Whether the path is there and a regular file of more than that many bytes.
bool is_larger(const std::string& path, std::int64_t bytes);

// The bytes of a file; "-" is the standard input. Throws Error(data) naming the path and the reason where it
// cannot be read (missing, a folder, no permission).
std::string read_file(const std::string& path);

// SHA-256 (FIPS 180-4) of the pieces, one after the other; 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::string_view> pieces);
std::string sha256_hex(std::string_view bytes);

}  // namespace retrograd::data
