// What a fuzz target is: a loader that is fed bytes. It may refuse them by retrograd::Error; anything else
// that leaves it (another exception, a crash, memory by the gigabyte) is a fault.
#pragma once

#include <retrograd/error.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct Target {
  const char* name;
  // Feeds the loader. Lets no retrograd::Error pass.
  void (*feed)(std::string_view bytes);
  // Whole inputs that the loader takes, to start from.
  std::vector<std::string> (*seeds)();
};

extern const Target safetensors;
extern const Target checkpoint;
extern const Target model_file;
extern const Target model_text;
extern const Target csv;
extern const Target idx;
extern const Target pictures;

std::span<const Target* const> targets();

// Calls f and swallows a retrograd::Error.
template <typename F>
void refusing(F&& f) {
  try {
    f();
  } catch (const retrograd::Error&) {  // the input is refused, as it should be
  }
}

// The bytes as a file without a place on a disk, for loaders that want a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const;

 private:
  int descriptor_;
};

}  // namespace fuzz
