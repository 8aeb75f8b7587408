// Reading a whole file. Writing one is in <retrograd/io.h>.
#pragma once

#include <string>

namespace retrograd::io {

// Throws Error(data) where it is missing or cannot be read.
std::string read_file(const std::string& path);

// An open file descriptor.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  // Closes it now; false where the system reports an error.
  bool close();

 private:
  int descriptor_;
};

}  // namespace retrograd::io
