// The list of targets, and files in memory.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "fuzz/target.h"

namespace fuzz {

std::span<const Target* const> targets() {
  static constexpr const Target* all[] = {&safetensors, &checkpoint, &model_file, &model_text,
                                          &csv,         &idx,        &pictures};
  return all;
}

MemoryFile::MemoryFile(std::string_view bytes) : descriptor_(memfd_create("fuzz", 0)) {
  while (!bytes.empty()) {
    const ssize_t written = descriptor_ < 0 ? -1 : write(descriptor_, bytes.data(), bytes.size());
    if (written <= 0) {
      std::perror("fuzz: a file in memory");
      std::abort();
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

MemoryFile::~MemoryFile() { close(descriptor_); }

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

}  // namespace fuzz
