// Picture files by their names.
#include "data/image_files.h"

#include <retrograd/images.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "core/fail.h"

namespace retrograd::data {
namespace {

namespace fs = std::filesystem;

struct Entries {
  std::vector<std::string> folders, files;
};

Entries entries_of(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) fail(ErrorKind::data, "{}: no such folder", folder);
  if (!fs::is_directory(folder, error)) fail(ErrorKind::data, "{}: is a file, expected a folder", folder);
  Entries entries;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code kind_error;
    if (name.starts_with(".")) continue;
    (at->is_directory(kind_error) ? entries.folders : entries.files).push_back(name);
  }
  if (error) fail(ErrorKind::data, "{}: cannot be listed: {}", folder, error.message());
  std::sort(entries.folders.begin(), entries.folders.end());
  std::sort(entries.files.begin(), entries.files.end());
  return entries;
}

// The files of the folder named, or of a class in it.
void add_files(const std::vector<std::string>& names, const std::string& within, std::int32_t label,
               ImageFiles& found) {
  for (const std::string& file : names) {
    const std::string name = within.empty() ? file : within + "/" + file;
    if (is_picture(file)) {
      found.files.push_back({(fs::path(found.folder) / name).string(), name, label});
    } else if (found.others++ == 0) {
      found.first_other = name;
    }
  }
}

[[noreturn]] void fail_without_folders(const std::string& folder) {
  fail(ErrorKind::data,
       "{0}: holds no folders; expected a folder for each class with its PNG or JPEG files, as cat/1.png and "
       "dog/1.png, or the files of MNIST: train-images-idx3-ubyte and so on",
       folder);
}

}  // namespace

bool is_picture(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  for (char& letter : ending) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

ImageFiles find_images(const std::string& folder) {
  const Entries entries = entries_of(folder);
  ImageFiles found;
  found.folder = folder;
  found.classes = entries.folders;
  add_files(entries.files, "", -1, found);
  for (std::size_t k = 0; k < found.classes.size(); ++k) {
    const std::string within = (fs::path(folder) / found.classes[k]).string();
    add_files(entries_of(within).files, found.classes[k], static_cast<std::int32_t>(k), found);
  }
  return found;
}

ImageFiles find_classes(const std::string& folder, std::size_t least) {
  ImageFiles found = find_images(folder);
  if (found.classes.empty()) fail_without_folders(folder);
  if (found.classes.size() < least) {
    fail(ErrorKind::data,
         "{}: has only one class, the folder \"{}\"; expected a folder for each class, at least two", folder,
         found.classes[0]);
  }
  found.others += std::erase_if(found.files, [](const ImageFile& file) { return file.label < 0; });
  std::vector<std::int64_t> counts(found.classes.size());
  for (const ImageFile& file : found.files) ++counts[static_cast<std::size_t>(file.label)];
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] > 0) continue;
    const fs::path path = fs::path(folder) / found.classes[k];
    fail(ErrorKind::data,
         "{}: holds no picture; expected PNG or JPEG files (.png, .jpg, .jpeg) in the folder of a class{}",
         path.string(), entries_of(path.string()).folders.empty() ? "" : ", not in folders within it");
  }
  return found;
}

}  // namespace retrograd::data
