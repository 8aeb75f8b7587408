// Files of tensors.
#include <retrograd/io.h>

#include <array>

#include "fuzz/target.h"

namespace fuzz {
namespace {

void feed(std::string_view bytes) {
  refusing([&] { retrograd::io::parse_safetensors(bytes, "input"); });
}

std::vector<std::string> seeds() {
  using retrograd::Array;
  const std::array<float, 6> values{1, -2, 3, -4, 5, 6};
  const std::array<double, 2> doubles{0.5, -0.25};
  retrograd::io::TensorFile file;
  std::vector<std::string> made{retrograd::io::safetensors_bytes(file)};
  file.tensors["layer.weight"] = Array::from(std::span<const float>(values), {2, 3});
  file.tensors["b"] = Array::from(std::span<const double>(doubles), {2});
  file.metadata["note"] = "\xc3\xa9t\xc3\xa9 \"quoted\"\n";
  made.push_back(retrograd::io::safetensors_bytes(file));
  return made;
}

}  // namespace

const Target safetensors{"safetensors", feed, seeds};

}  // namespace fuzz
