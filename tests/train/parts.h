// Small data and networks for the tests of training.
#pragma once

#include <retrograd/retrograd.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace train_test {

namespace rg = retrograd;

// Two classes in the plane, parted by a circle, with some labels turned so that training overfits.
inline rg::data::Dataset circle(int rows, int offset) {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  for (int i = offset; i < offset + rows; ++i) {
    const float a = static_cast<float>(i * 37 % 101) / 50 - 1, b = static_cast<float>(i * 61 % 103) / 51 - 1;
    x.insert(x.end(), {a, b});
    labels.push_back((a * a + b * b < 0.6f) != (i % 7 == 0) ? 1 : 0);
  }
  return rg::data::Dataset::classification(x, {2}, labels, {"out", "in"});
}

inline rg::data::Parts circle_parts() {
  return {circle(90, 0), circle(40, 90), circle(40, 130),
          rg::data::Encoder::images({1, 1, 2}, {"out", "in"})};
}

inline rg::nn::Sequential network(const char* text = "linear(16), tanh, dropout(0.2), linear(2)") {
  return rg::nn::build_model(text, {2}, {.seed = 5});
}

inline std::vector<float> values_of(const rg::nn::Sequential& model) {
  std::vector<float> all;
  for (const rg::Variable& parameter : model.parameters()) {
    const std::vector<float> values = parameter.read().to_vector<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

// A table as CSV text, encoded whole as the training part.
inline rg::data::Parts table_parts(const std::string& csv, bool standardised = true) {
  const rg::data::Table table = rg::data::parse_csv(csv, "table");
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < table.rows(); ++row) rows.push_back(row);
  auto encoder =
      rg::data::Encoder::fit(table, rg::data::find_target(table, {}, rg::data::Task::regression), rows);
  if (!standardised) encoder.keep_target_units();
  const rg::data::Dataset data = encoder.encode(table);
  return {data, data.slice(0, 0), data.slice(0, 0), encoder};
}

// The circle as a table with an encoder of its own, so that model files can be read again.
inline rg::data::Parts circle_table() {
  std::string csv = "a,b,class\n";
  const rg::data::Dataset points = circle(170, 0);
  for (std::int64_t row = 0; row < points.rows(); ++row) {
    float x[2];
    points.copy_inputs(std::span(&row, 1), x);
    csv += std::to_string(x[0]) + "," + std::to_string(x[1]) + (points.label(row) == 1 ? ",in\n" : ",out\n");
  }
  const rg::data::Table table = rg::data::parse_csv(csv, "circle");
  std::vector<std::int64_t> rows(90);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  const auto encoder = rg::data::Encoder::fit(table, rg::data::find_target(table, "class"), rows);
  const rg::data::Dataset data = encoder.encode(table);
  return {data.slice(0, 90), data.slice(90, 130), data.slice(130, 170), encoder};
}

// A folder of one test, removed with it.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("retrograd_" + name + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string bytes(const std::string& name) const {
    std::ifstream stream(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace train_test
