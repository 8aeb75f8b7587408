// Pictures in folders as data: a folder for each class, PNG and JPEG files in it.
//
//   auto [train, validation, test, encoder] = rg::data::load_images("pets");  // pets/cat/*.jpg,
//   pets/dog/*.jpg
//
// The files of MNIST are read by load_idx() in <retrograd/data.h>.
#pragma once

#include <retrograd/data.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace retrograd::data {

struct ImageOptions {
  // Of all images, in pixels; 0: the median of the files, scaled so that the longer side is at most
  // largest_default_side.
  std::int64_t height = 0;
  std::int64_t width = 0;
  double test = 0.2;  // the parts: see SplitOptions
  double validation = 0.1;
  std::uint64_t seed = 1;
  bool strict = false;  // a file that cannot be read is an error; else it is left out, and a notice says so
  // Or reconstruction: the pictures of the folder and of the folders in it, whatever those are called, each
  // its own target; the split is not stratified.
  Task task = Task::classification;
};

inline constexpr std::int64_t largest_default_side = 128;
inline constexpr std::int64_t largest_side = 4096;  // of the images that a network sees

// Whether a name ends as that of a picture: .png, .jpg, .jpeg, in any case.
bool is_picture(const std::string& path);

// Whether the path is a folder with none of MNIST's files.
bool is_image_folder(const std::string& path);

// Images of a folder that holds a folder for each class: its name is the class, its .png, .jpg and .jpeg
// files are the rows, both in the order of their names by bytes; other files, hidden ones and folders
// deeper are left out. Images have one channel where all files are grey, else three; what is transparent
// lies on white. Files of another size are resized, both sides by themselves: bilinear, when made smaller
// with the weights spread over all the pixels that one replaces. The split is stratified.
//
// Source::sha256 is that of lines as sha256sum prints them ("<sha256>  <class>/<file>"), in the order of
// the rows. Source::notices tell what was resized, converted or left out.
//
// Throws Error(argument) for another task, Error(data) naming the path: no folder; fewer than two classes; a
// class without an image that can be read; with `strict`, a file that cannot. Error(argument) for a size or
// share out of range.
Parts load_images(const std::string& folder, const ImageOptions& options = {});

// Images as the encoder of a trained network wants them: of its size and channels. `wanted`: a folder as
// above, of which files that cannot be read are left out, or with `strict` are an error. `ignored`: one file,
// or a folder whose files come first and those of its folders after them, each of which must be readable, so
// that answers have the order of the files. Of a network that reconstructs `wanted` is such files too, less
// those that cannot be read. Throws Error(data), for a class that the network does not know too ("did you
// mean").
Dataset load_images(const std::string& path, const Encoder& encoder, Targets targets, bool strict = false);

// The libraries that read pictures and compressed files, {name, version}: libpng and zlib as they run, that
// of JPEG as Retrograd was built with.
std::vector<std::pair<std::string, std::string>> reading_libraries();

}  // namespace retrograd::data
