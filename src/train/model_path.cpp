// Where the model of a run lies.
#include "train/model_path.h"

#include <filesystem>

#include "core/fail.h"

namespace retrograd::train {

std::string model_path(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return path;
  const std::string file = (std::filesystem::path(path) / "model.safetensors").string();
  if (!std::filesystem::exists(file, error)) {
    fail(ErrorKind::data, "{}: holds no model.safetensors; the training has not come to its end", path);
  }
  return file;
}

}  // namespace retrograd::train
