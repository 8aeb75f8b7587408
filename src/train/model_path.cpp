// Where the model of a run lies.
#include "train/model_path.h"

#include <filesystem>

#include "core/fail.h"
#include "io/file.h"
#include "io/json.h"

namespace retrograd::train {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> members_in(const std::string& file) {
  const std::string text = io::read_file(file);
  std::vector<std::string> members;
  std::string format;
  io::JsonReader json(text, file);
  json.object([&](const std::string& key) {
    if (key == "format") {
      format = json.string();
    } else if (key == "members") {
      json.array([&] { members.push_back(json.string()); });
    } else {
      json.stop("an unknown key");
    }
  });
  json.end();
  if (format != "retrograd ensemble" || members.empty()) fail(ErrorKind::data, "{}: is no ensemble", file);
  for (const std::string& member : members) {
    if (member.empty() || member == "." || member == ".." || member.find('/') != member.npos) {
      fail(ErrorKind::data, "{}: member {} is no folder beside it", file, io::shown(member));
    }
  }
  return members;
}

}  // namespace

std::vector<std::string> model_paths(const std::string& path) {
  std::error_code error;
  const std::string list = (fs::path(path) / "ensemble.json").string();
  if (!fs::is_regular_file(list, error)) return {model_path(path)};
  std::vector<std::string> paths;
  for (const std::string& member : members_in(list)) {
    paths.push_back(model_path((fs::path(path) / member).string()));
  }
  return paths;
}

std::string model_path(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return path;
  const std::string file = (fs::path(path) / "model.safetensors").string();
  if (fs::exists(fs::path(path) / "ensemble.json", error)) {
    fail(ErrorKind::data, "{}: is an ensemble; name one of its members", path);
  }
  if (!fs::exists(file, error)) {
    fail(ErrorKind::data, "{}: holds no model.safetensors; the training has not come to its end", path);
  }
  return file;
}

}  // namespace retrograd::train
