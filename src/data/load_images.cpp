// From folders of pictures to byte images of one size.
#include <retrograd/folds.h>
#include <retrograd/images.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

#include "core/fail.h"
#include "core/suggest.h"
#include "core/thread_pool.h"
#include "data/file.h"
#include "data/image_files.h"
#include "data/picture.h"
#include "data/storage.h"

namespace retrograd::data {
namespace {

// A file whose header has been read.
struct Known {
  ImageFile file;
  PictureSize size;
};

// Calls f(i) for each of `count` files, on all threads, and gives what each has thrown.
template <typename F>
std::vector<std::exception_ptr> for_each_file(std::size_t count, F f) {
  std::vector<std::exception_ptr> thrown(count);
  core::parallel_for(static_cast<int>(count), [&](int shard) {
    const auto i = static_cast<std::size_t>(shard);
    try {
      f(i);
    } catch (...) {
      thrown[i] = std::current_exception();
    }
  });
  return thrown;
}

// Files as they are read, and what becomes of those that cannot be.
class ImageReader {
 public:
  ImageReader(ImageFiles files, bool strict) : files_(std::move(files)), strict_(strict) {
    const std::size_t count = files_.files.size();
    std::vector<std::string> hashes(count);
    std::vector<PictureSize> sizes(count);
    const auto thrown = for_each_file(count, [&](std::size_t i) {
      const std::string& path = files_.files[i].path;
      const std::string bytes = read_file(path);
      hashes[i] = sha256_hex(bytes);
      sizes[i] = picture_size(bytes, path);
    });
    std::string list;
    for (std::size_t i = 0; i < count; ++i) {
      if (!hashes[i].empty()) list += hashes[i] + "  " + files_.files[i].name + "\n";
      if (is_read(thrown[i])) known_.push_back({files_.files[i], sizes[i]});
    }
    sha256_ = sha256_hex(list);
  }

  const std::vector<Known>& known() const { return known_; }

  // The images [rows, C, H, W] of those that can be read, and their labels where `labels` are wanted.
  std::shared_ptr<Dataset::Storage> read(const Shape& sample, bool labels) {
    auto storage = std::make_shared<Dataset::Storage>();
    storage->sample = sample;
    storage->sample_size = sample.size();
    storage->dtype = DType::u8;
    storage->task = labels ? Task::classification : Task::reconstruction;
    storage->width = storage->sample_size;  // of classes their number, which the caller knows
    const auto size = static_cast<std::size_t>(sample.size());
    storage->inputs = std::make_shared<Buffer>(known_.size() * size);
    if (labels) storage->labels = std::make_shared<Buffer>(known_.size() * sizeof(std::int32_t));
    auto* images = storage->inputs->as<std::uint8_t>();
    const auto thrown = for_each_file(known_.size(), [&](std::size_t i) {
      const std::string& path = known_[i].file.path;
      put_planes(resized(read_picture(read_file(path), path), sample[1], sample[2]), sample[0],
                 images + i * size);
    });
    for (std::size_t i = 0; i < known_.size(); ++i) {
      if (!is_read(thrown[i])) continue;
      const auto row = static_cast<std::size_t>(storage->rows++);
      if (row != i) std::copy_n(images + i * size, size, images + row * size);
      if (labels) storage->labels->as<std::int32_t>()[row] = known_[i].file.label;
      const PictureSize& from = known_[i].size;
      resized_ += from.height != sample[1] || from.width != sample[2] ? 1 : 0;
      converted_ += from.channels != sample[0] ? 1 : 0;
    }
    storage->source = {files_.folder, sha256_, storage->rows, notices(sample, storage->rows, labels)};
    return storage;
  }

  // The first reason why a file cannot be read; "" where all can.
  std::string first_failure() const { return failures_.empty() ? "" : failures_.front(); }

 private:
  // False where a file could not be read and that is no error.
  bool is_read(const std::exception_ptr& thrown) {
    if (thrown == nullptr) return true;
    try {
      std::rethrow_exception(thrown);
    } catch (const Error& error) {
      if (strict_ || error.kind() != ErrorKind::data) throw;
      failures_.emplace_back(error.what());
      return false;
    }
  }

  std::vector<std::string> notices(const Shape& sample, std::int64_t rows, bool labels) const {
    constexpr std::size_t most_named = 5;
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < std::min(failures_.size(), most_named); ++i) lines.push_back(failures_[i]);
    if (!failures_.empty()) {
      lines.push_back(fmt::format("{} of {} pictures cannot be read and are left out.", failures_.size(),
                                  files_.files.size()));
    }
    if (files_.others > 0) {
      lines.push_back(fmt::format("{}: {} files are left out that are neither PNG nor JPEG{}: {}",
                                  files_.folder, files_.others, labels ? ", or in no class" : "",
                                  files_.first_other));
    }
    if (resized_ > 0) {
      lines.push_back(fmt::format("{} of {} pictures are resized to {} x {} pixels (height x width).",
                                  resized_, rows, sample[1], sample[2]));
    }
    if (converted_ > 0) {
      lines.push_back(fmt::format("{} of {} pictures are made {}.", converted_, rows,
                                  sample[0] == 1 ? "grey" : "RGB as the others are"));
    }
    return lines;
  }

  ImageFiles files_;
  bool strict_;
  std::vector<Known> known_;
  std::string sha256_;
  std::vector<std::string> failures_;
  std::int64_t resized_ = 0, converted_ = 0;
};

std::int64_t median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// [C, H, W] of all images.
Shape sample_of(const std::vector<Known>& known, const ImageOptions& options) {
  std::vector<std::int64_t> heights, widths;
  bool grey = true;
  for (const Known& one : known) {
    heights.push_back(one.size.height);
    widths.push_back(one.size.width);
    grey = grey && one.size.channels == 1;
  }
  const std::int64_t channels = grey ? 1 : 3;
  if (options.height > 0) return {channels, options.height, options.width};
  const std::int64_t height = median(heights), width = median(widths), longer = std::max(height, width);
  if (longer <= largest_default_side) return {channels, height, width};
  const auto scaled = [&](std::int64_t side) {
    return std::max<std::int64_t>((side * largest_default_side + longer / 2) / longer, 1);
  };
  return {channels, scaled(height), scaled(width)};
}

void check(const ImageOptions& options) {
  if (options.task != Task::classification && options.task != Task::reconstruction) {
    fail(ErrorKind::argument, "images: the task is {}; known are classification, reconstruction",
         name(options.task));
  }
  if (options.height == 0 && options.width == 0) return;
  for (const std::int64_t side : {options.height, options.width}) {
    if (side >= 1 && side <= largest_side) continue;
    fail(ErrorKind::argument, "images: a side has {} pixels; expected 1 to {}", side, largest_side);
  }
}

void check_classes(const Dataset::Storage& storage, const ImageFiles& files, const ImageReader& reader) {
  std::vector<bool> there(files.classes.size());
  for (std::int64_t row = 0; row < storage.rows; ++row) {
    there[static_cast<std::size_t>(storage.labels->as<std::int32_t>()[row])] = true;
  }
  for (std::size_t k = 0; k < there.size(); ++k) {
    if (there[k]) continue;
    fail(ErrorKind::data, "{}: none of its pictures can be read; the first failure is {}",
         (std::filesystem::path(files.folder) / files.classes[k]).string(), reader.first_failure());
  }
}

void name_classes(Dataset::Storage& storage, const std::vector<std::string>& classes) {
  storage.task = Task::classification;
  storage.classes = classes;
  storage.width = static_cast<std::int64_t>(classes.size());
}

[[noreturn]] void fail_without_pictures(const std::string& path, const ImageReader& reader) {
  if (!reader.first_failure().empty()) fail(ErrorKind::data, "{}", reader.first_failure());
  fail(ErrorKind::data, "{}: holds no picture; expected PNG or JPEG files (.png, .jpg, .jpeg)", path);
}

// Labels as the network numbers its classes.
void number_classes(ImageFiles& files, const std::vector<std::string>& classes) {
  std::vector<std::int32_t> places;
  for (const std::string& name : files.classes) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) {
      fail(ErrorKind::data, "{}: the folder \"{}\" is none of the {} classes of the model;{}", files.folder,
           name, classes.size(), suggest(name, classes));
    }
    places.push_back(static_cast<std::int32_t>(found - classes.begin()));
  }
  for (ImageFile& file : files.files) file.label = places[static_cast<std::size_t>(file.label)];
}

// The parts that split(labels) gives; in reconstruction all labels are 0.
template <typename F>
Parts load_parts(const std::string& folder, const ImageOptions& options, F split) {
  check(options);
  const bool labelled = options.task == Task::classification;
  ImageFiles files = labelled ? find_classes(folder, 2) : find_images(folder);
  ImageReader reader(files, options.strict);
  if (reader.known().empty()) fail_without_pictures(folder, reader);
  auto storage = reader.read(sample_of(reader.known(), options), labelled);
  std::vector<std::int32_t> labels(static_cast<std::size_t>(storage->rows));
  if (labelled) {
    check_classes(*storage, files, reader);
    name_classes(*storage, files.classes);
    std::copy_n(storage->labels->as<std::int32_t>(), labels.size(), labels.begin());
  } else if (labels.empty()) {
    fail_without_pictures(folder, reader);
  }
  const Split rows = split(std::span<const std::int32_t>(labels));
  const Dataset all(std::move(storage));
  const Encoder encoder = Encoder::images(all.input_shape(), all.classes());
  return {all.subset(rows.train), all.subset(rows.validation), all.subset(rows.test),
          labelled ? encoder : encoder.as_reconstruction()};
}

}  // namespace

bool is_image_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator at(path, error);
  if (error) return false;
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (at->path().filename().string().find("-ubyte") != std::string::npos) return false;
  }
  return true;
}

Parts load_images(const std::string& folder, const ImageOptions& options) {
  return load_parts(folder, options, [&](std::span<const std::int32_t> labels) {
    return split(labels, {.test = options.test, .validation = options.validation, .seed = options.seed});
  });
}

Parts load_fold(const std::string& folder, std::int64_t folds, std::int64_t fold,
                const ImageOptions& options) {
  return load_parts(folder, options, [&](std::span<const std::int32_t> labels) {
    return fold_split(labels, folds, fold, {.validation = options.validation, .seed = options.seed});
  });
}

Dataset load_images(const std::string& path, const Encoder& encoder, Targets targets, bool strict) {
  if (!encoder.takes_images()) fail(ErrorKind::data, "{}: is of pictures; the model takes a table", path);
  const bool wanted = targets == Targets::wanted;
  const bool labels = wanted && encoder.task() == Task::classification;
  ImageFiles files;
  std::error_code error;
  if (labels) {
    files = find_classes(path, 1);
    number_classes(files, encoder.classes());
  } else if (std::filesystem::is_directory(path, error)) {
    files = find_images(path);
  } else {
    files.folder = path;
    files.files.push_back({path, std::filesystem::path(path).filename().string(), -1});
  }
  ImageReader reader(files, strict || !wanted);
  auto storage = reader.read(encoder.input_shape(), labels);
  if (storage->rows == 0) fail_without_pictures(path, reader);
  if (encoder.task() == Task::classification) name_classes(*storage, encoder.classes());
  return Dataset(std::move(storage));
}

}  // namespace retrograd::data
