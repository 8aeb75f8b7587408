// MNIST with other parts than load_idx() gives.
#include "cli/reproduce/mnist.h"

#include <retrograd/error.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace cli::reproduce {
namespace {

namespace rg = retrograd;

constexpr std::int64_t validation_rows = 10000;
constexpr std::int64_t side = 28;
constexpr std::int64_t pixels = side * side;

struct Images {
  std::vector<float> pixels;  // [N, 28, 28]
  std::vector<std::int32_t> labels;
  std::int64_t rows() const { return static_cast<std::int64_t>(labels.size()); }
};

void append(const rg::data::Dataset& part, Images& images) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(part.rows()));
  std::iota(rows.begin(), rows.end(), 0);
  const std::size_t before = images.labels.size();
  images.pixels.resize((before + rows.size()) * pixels);
  images.labels.resize(before + rows.size());
  part.copy_inputs(rows, images.pixels.data() + before * pixels);
  part.copy_labels(rows, images.labels.data() + before);
}

// from, to [28, 28]: to[y + down][x + right] = from[y][x].
void shift(const float* from, std::int64_t down, std::int64_t right, float* to) {
  std::fill(to, to + pixels, 0.0f);
  for (std::int64_t y = std::max<std::int64_t>(0, down); y < std::min(side, side + down); ++y) {
    for (std::int64_t x = std::max<std::int64_t>(0, right); x < std::min(side, side + right); ++x) {
      to[y * side + x] = from[(y - down) * side + (x - right)];
    }
  }
}

// Each of the first `count` images five times, in an order drawn from the seed.
Images with_shifts(const Images& images, std::int64_t count, std::uint64_t seed) {
  constexpr std::pair<int, int> moves[] = {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};
  std::vector<std::int64_t> order(static_cast<std::size_t>(count) * std::size(moves));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random() % (i + 1)]);
  Images shifted;
  shifted.pixels.resize(order.size() * pixels);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto row = static_cast<std::size_t>(order[i] % count);
    const auto [down, right] = moves[order[i] / count];
    shift(images.pixels.data() + row * pixels, down, right, shifted.pixels.data() + i * pixels);
    shifted.labels.push_back(images.labels[row]);
  }
  return shifted;
}

rg::data::Dataset dataset(const Images& images, std::int64_t first, std::int64_t last,
                          const std::vector<std::string>& classes) {
  const std::span<const float> all(images.pixels);
  const std::span<const std::int32_t> labels(images.labels);
  const auto begin = static_cast<std::size_t>(first), count = static_cast<std::size_t>(last - first);
  return rg::data::Dataset::classification(all.subspan(begin * pixels, count * pixels), {1, side, side},
                                           labels.subspan(begin, count), classes);
}

struct Material {
  rg::data::Parts parts;  // as they are read
  Images images;          // those that are not of the test part, in the order of the file
};

Material read(const std::string& folder) {
  Material material{rg::data::load_idx(folder), {}};
  const rg::Shape& sample = material.parts.train.input_shape();
  append(material.parts.train, material.images);
  append(material.parts.validation, material.images);
  if (sample != rg::Shape{1, side, side} || material.images.rows() <= validation_rows) {
    throw rg::Error(rg::ErrorKind::data, folder + ": is not MNIST; expected 60,000 images of 28 x 28");
  }
  return material;
}

}  // namespace

rg::data::Parts nielsen_parts(const std::string& folder) {
  Material material = read(folder);
  const std::int64_t rows = material.images.rows(), count = rows - validation_rows;
  const std::vector<std::string> classes = material.parts.test.classes();
  return {dataset(material.images, 0, count, classes), dataset(material.images, count, rows, classes),
          std::move(material.parts.test)};
}

rg::data::Parts mnist_without_validation(const std::string& folder) {
  Material material = read(folder);
  return {dataset(material.images, 0, material.images.rows(), material.parts.test.classes()),
          {},
          std::move(material.parts.test)};
}

rg::data::Parts nielsen_parts_shifted(const std::string& folder, std::uint64_t seed) {
  Material material = read(folder);
  const std::int64_t rows = material.images.rows(), count = rows - validation_rows;
  const std::vector<std::string> classes = material.parts.test.classes();
  const Images shifted = with_shifts(material.images, count, seed);
  return {dataset(shifted, 0, shifted.rows(), classes), dataset(material.images, count, rows, classes),
          std::move(material.parts.test)};
}

}  // namespace cli::reproduce
