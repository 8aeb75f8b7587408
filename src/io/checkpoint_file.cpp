// Checkpoints: safetensors files that must have a checksum.
#include <retrograd/io.h>

#include <utility>

#include "core/fail.h"
#include "io/checksum.h"
#include "io/file.h"

namespace retrograd::io {

void save_checkpoint(const std::string& path, const TensorFile& file) {
  write_file_atomically(path, bytes_with_checksum(file, "save_checkpoint"));
}

TensorFile load_checkpoint(const std::string& path) {
  std::string bytes = read_file(path);
  TensorFile file = parse_safetensors(bytes, path);
  if (!take_checksum(file.metadata, std::move(bytes), path)) {
    fail(ErrorKind::data, "{}: is no checkpoint: it has no checksum", path);
  }
  return file;
}

}  // namespace retrograd::io
