// The picture files of a folder. Reading them is in load_images.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retrograd::data {

struct ImageFile {
  std::string path;
  std::string name;         // within the folder that was named
  std::int32_t label = -1;  // the place of its class; -1: it lies in no class
};

struct ImageFiles {
  std::string folder;
  std::vector<std::string> classes;  // names of the folders in it
  std::vector<ImageFile> files;      // those of the folder itself, then those of each class
  std::int64_t others = 0;           // files that are no pictures by their names
  std::string first_other;
};

// Names in order of their bytes; hidden ones are left out. A file is a picture by its ending: .png, .jpg,
// .jpeg, in any case. Error(data) for a path that is no folder or cannot be listed.
ImageFiles find_images(const std::string& folder);

// The same, of classes alone: Error(data) for fewer than `least` classes and for one without a picture.
ImageFiles find_classes(const std::string& folder, std::size_t least);

}  // namespace retrograd::data
