// Checkpoints. Their checksum refuses nearly every change; the changed ones that pass it are not made here,
// so what this target tells is that a damaged checkpoint is refused, never believed.
#include <retrograd/io.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  const MemoryFile file(bytes);
  refusing([&] { retrograd::io::load_checkpoint(file.path()); });
}

std::vector<std::string> seeds() {
  const std::array<float, 4> values{1, 2, 3, 4};
  retrograd::io::TensorFile file;
  file.tensors["w"] = retrograd::Array::from(std::span<const float>(values), {4});
  file.metadata["step"] = "12";
  const std::string path =
      (std::filesystem::temp_directory_path() / ("fuzz-checkpoint-" + std::to_string(getpid()))).string();
  retrograd::io::save_checkpoint(path, file);
  std::ifstream saved(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(saved), {}};
  std::filesystem::remove(path);
  return {bytes};
}

}  // namespace

const Target checkpoint{"checkpoint", feed, seeds};

}  // namespace fuzz
