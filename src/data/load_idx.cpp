// A folder of IDX files as a data set: images and labels, training and test.
#include <retrograd/folds.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <set>

#include "core/fail.h"
#include "data/file.h"
#include "data/idx.h"
#include "data/storage.h"

namespace retrograd::data {
namespace {

// The file of a part: as MNIST names it, or with a point as some copies do; plain or compressed. "" if none
// is there.
std::string find_file(const std::string& folder, const std::string& part, const std::string& kind) {
  for (const char* between : {"-", "."}) {
    for (const char* ending : {"", ".gz"}) {
      const auto path = std::filesystem::path(folder) /
                        (part + "-" + kind.substr(0, 6) + between + kind.substr(7) + ending);
      std::error_code error;
      if (std::filesystem::exists(path, error)) return path.string();
    }
  }
  return "";
}

struct Files {
  std::array<std::string, 4> paths;  // images and labels of train, then of t10k
};

Files find_files(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) fail(ErrorKind::data, "{}: no such folder", folder);
  Files files;
  std::string lacking;
  std::size_t at = 0;
  for (const char* part : {"train", "t10k"}) {
    for (const char* kind : {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
      std::string& path = files.paths[at++];
      path = find_file(folder, part, kind);
      if (path.empty()) lacking += fmt::format("{}{}-{}", lacking.empty() ? "" : ", ", part, kind);
    }
  }
  if (!lacking.empty()) fail(ErrorKind::data, "{}: lacks {} (plain or .gz)", folder, lacking);
  return files;
}

struct Part {
  Idx images;
  Idx labels;
};

Part parse_part(const std::string& images, const std::string& labels, const std::string& images_path,
                const std::string& labels_path) {
  Part part{parse_idx(images, images_path, 3), parse_idx(labels, labels_path, 1)};
  if (part.images.extents[0] != part.labels.extents[0]) {
    fail(ErrorKind::data, "{} has {} images, {} has {} labels; expected as many", images_path,
         part.images.extents[0], labels_path, part.labels.extents[0]);
  }
  return part;
}

std::shared_ptr<Dataset::Storage> store_images(const Idx& images, const Source& source) {
  auto storage = std::make_shared<Dataset::Storage>();
  storage->rows = images.extents[0];
  storage->sample = Shape{1, images.extents[1], images.extents[2]};
  storage->sample_size = storage->sample.size();
  storage->dtype = DType::u8;
  storage->inputs = images.bytes;
  storage->task = Task::classification;
  storage->source = source;
  return storage;
}

// The distinct labels in ascending order; at least two.
std::vector<std::uint8_t> distinct_labels(const Idx& labels, const std::string& path) {
  const auto* values = labels.bytes->as<std::uint8_t>();
  const std::set<std::uint8_t> distinct(values, values + labels.size);
  if (distinct.size() < 2) {
    fail(ErrorKind::data, "{}: has only one class, {}; classification needs at least two", path, values[0]);
  }
  return {distinct.begin(), distinct.end()};
}

Dataset label_images(const Part& part, const std::vector<std::uint8_t>& labels, const Source& source,
                     const std::string& labels_path) {
  auto storage = store_images(part.images, source);
  for (std::uint8_t label : labels) storage->classes.push_back(fmt::format("{}", label));
  storage->width = static_cast<std::int64_t>(labels.size());
  storage->labels = std::make_shared<Buffer>(static_cast<std::size_t>(storage->rows) * sizeof(std::int32_t));
  for (std::int64_t row = 0; row < storage->rows; ++row) {
    const std::uint8_t label = part.labels.bytes->as<std::uint8_t>()[row];
    const auto found = std::lower_bound(labels.begin(), labels.end(), label);
    if (found == labels.end() || *found != label) {
      fail(ErrorKind::data, "{}: label {} of image {} is none of the {} classes in the training part",
           labels_path, label, row, labels.size());
    }
    storage->labels->as<std::int32_t>()[row] = static_cast<std::int32_t>(found - labels.begin());
  }
  return Dataset(std::move(storage));
}

// The rows of both pairs of files.
struct Rows {
  Dataset train;
  Dataset test;
};

Rows load_rows(const std::string& folder) {
  const auto paths = find_files(folder).paths;
  std::array<std::string, 4> bytes;
  for (std::size_t i = 0; i < paths.size(); ++i) bytes[i] = read_file(paths[i]);
  const Part train = parse_part(bytes[0], bytes[1], paths[0], paths[1]);
  const Part test = parse_part(bytes[2], bytes[3], paths[2], paths[3]);
  if (!std::equal(train.images.extents.begin() + 1, train.images.extents.end(),
                  test.images.extents.begin() + 1)) {
    fail(ErrorKind::data, "{} has images of {} x {}, {} of {} x {}; expected the same", paths[0],
         train.images.extents[1], train.images.extents[2], paths[2], test.images.extents[1],
         test.images.extents[2]);
  }

  const std::array<std::string_view, 4> pieces{bytes[0], bytes[1], bytes[2], bytes[3]};
  const Source source{folder, sha256_hex(pieces), train.images.extents[0] + test.images.extents[0], {}};
  const std::vector<std::uint8_t> labels = distinct_labels(train.labels, paths[1]);
  return {label_images(train, labels, source, paths[1]), label_images(test, labels, source, paths[3])};
}

}  // namespace

bool is_idx_folder(const std::string& path) { return !find_file(path, "train", "images-idx3-ubyte").empty(); }

Parts load_idx(const std::string& folder) {
  const auto [all, test] = load_rows(folder);
  const std::int64_t first_of_validation = all.rows() - all.rows() / 10;
  return {all.slice(0, first_of_validation), all.slice(first_of_validation, all.rows()), test,
          Encoder::images(all.input_shape(), all.classes())};
}

Parts load_idx_fold(const std::string& folder, std::int64_t folds, std::int64_t fold,
                    const SplitOptions& options) {
  const Dataset all = load_rows(folder).train;
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(all.rows()));
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<std::int32_t> labels(numbers.size());
  all.copy_labels(numbers, labels.data());
  const Split rows = fold_split(labels, folds, fold, options);
  return {all.subset(rows.train), all.subset(rows.validation), all.subset(rows.test),
          Encoder::images(all.input_shape(), all.classes())};
}

Dataset load_idx_images(const std::string& path) {
  const std::string bytes = read_file(path);
  const Idx images = parse_idx(bytes, path, 3);
  return Dataset(store_images(images, {path, sha256_hex(bytes), images.extents[0], {}}));
}

}  // namespace retrograd::data
