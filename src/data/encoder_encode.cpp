// From a table to what the network sees: the matrix of inputs, classes or standardised targets. Several
// labels are in labels.cpp.
#include <retrograd/encoder.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "core/buffer.h"
#include "core/fail.h"
#include "core/suggest.h"
#include "data/cell_encoder.h"
#include "data/date.h"
#include "data/labels.h"
#include "data/packed_inputs.h"
#include "data/storage.h"
#include "data/value.h"
#include "data/windows.h"

namespace retrograd::data {
namespace {

std::int64_t line_of(const Table& table, std::size_t row) { return table.lines[row]; }

// Cells of text read as numbers or dates. One that is none is an error that names it.
std::vector<double> read_cells(const Table& table, const Column& column, ColumnType type) {
  std::vector<double> cells(column.codes.size());
  for (std::size_t row = 0; row < column.codes.size(); ++row) {
    const std::string text = column.text(static_cast<std::int64_t>(row));
    const Value value = type == ColumnType::date ? read_date(text, cells[row]) : read_value(text, cells[row]);
    if (value == Value::number || value == Value::missing) continue;
    fail(ErrorKind::data, "{}: line {}: column \"{}\" has \"{}\"; expected a {}, as in training", table.name,
         line_of(table, row), column.name, text, name(type));
  }
  return cells;
}

// A column's numbers, NaN where missing.
const std::vector<double>& numbers_of(const Table& table, const Column& column,
                                      std::vector<double>& storage) {
  if (!column.is_text) return column.numbers;
  storage = read_cells(table, column, ColumnType::number);
  return storage;
}

// Cells of a column that came out as numbers, as places in words that are made for them.
std::vector<double> cells_of_texts(const Column& column, std::vector<std::string>& words) {
  std::unordered_map<double, double> places;
  std::vector<double> cells;
  for (const double number : column.numbers) {
    if (std::isnan(number)) {
      cells.push_back(number);
      continue;
    }
    const auto [found, is_new] = places.emplace(number, static_cast<double>(words.size()));
    if (is_new) words.push_back(number_text(number));
    cells.push_back(found->second);
  }
  return cells;
}

// The place of each of the column's cells among sorted `names`; -1 for a cell that is missing or not among
// them.
std::vector<std::int32_t> places_of(const Column& column, const std::vector<std::string>& names) {
  const auto place = [&](const std::string& text) {
    const auto found = std::lower_bound(names.begin(), names.end(), text);
    return found != names.end() && *found == text ? static_cast<std::int32_t>(found - names.begin()) : -1;
  };
  std::vector<std::int32_t> places;
  if (column.is_text) {
    std::vector<std::int32_t> of_word;
    for (const std::string& word : column.words) of_word.push_back(place(word));
    for (std::int32_t code : column.codes)
      places.push_back(code < 0 ? -1 : of_word[static_cast<std::size_t>(code)]);
  } else {
    for (std::size_t row = 0; row < column.numbers.size(); ++row) {
      places.push_back(std::isnan(column.numbers[row]) ? -1 : place(number_text(column.numbers[row])));
    }
  }
  return places;
}

// A feature's inputs in the matrix: `at` is its first one in row 0, rows are `width` apart.
void encode_feature(const Table& table, const Encoder::Feature& feature, float* at, std::int64_t width) {
  const Column& column = table[feature.name];
  const bool wants_text = feature.type == ColumnType::category || feature.type == ColumnType::text;
  std::vector<std::string> words;
  std::vector<double> cells;
  if (wants_text == column.is_text) {
    words = column.words;
    cells = cells_of(column);
  } else {
    cells = wants_text ? cells_of_texts(column, words) : read_cells(table, column, feature.type);
  }
  const CellEncoder encode(feature, words);
  for (std::size_t row = 0; row < cells.size(); ++row, at += width) {
    encode(cells[row], at);
    if (std::isfinite(at[0])) continue;
    fail(ErrorKind::data,
         "{}: line {}: column \"{}\" has {}, which is too large beside a training deviation of {}",
         table.name, line_of(table, row), feature.name, number_text(cells[row]), feature.deviation);
  }
}

// Throws naming all columns that the table lacks.
void check_columns(const Table& table, const std::vector<std::string>& wanted) {
  const std::vector<std::string> known = table.names();
  std::string lacking;
  std::size_t count = 0;
  for (const std::string& name : wanted) {
    if (table.find(name) >= 0) continue;
    if (count++ < 10)
      lacking += fmt::format("{} \"{}\"{}", count == 1 ? "" : ",", name, suggest(name, known));
  }
  if (count == 0) return;
  fail(ErrorKind::data, "{}: lacks {} of the {} columns that the model needs:{}{}", table.name, count,
       wanted.size(), lacking, count > 10 ? " and more" : "");
}

std::shared_ptr<Dataset::Storage> encode_features(const Encoder& encoder, const Table& table) {
  if (encoder.takes_images()) {
    fail(ErrorKind::data, "{}: is a table; the model takes images {}", table.name,
         encoder.input_shape().to_string());
  }
  auto storage = std::make_shared<Dataset::Storage>();
  storage->rows = table.rows();
  storage->sample_size = encoder.row_width();
  storage->sample = Shape{storage->sample_size};
  storage->task = encoder.task();
  storage->classes = encoder.classes();
  const bool numbers = encoder.task() == Task::regression;
  storage->width = static_cast<std::int64_t>(numbers ? encoder.targets().size() : encoder.classes().size());
  if (encoder.task() == Task::reconstruction) storage->width = storage->sample_size;
  storage->source = {table.name, table.sha256, table.rows(), table.notices};
  if (table.packed != nullptr) {
    storage->input_rows = packed_inputs(encoder, table);
    return storage;
  }
  storage->inputs = std::make_shared<Buffer>(static_cast<std::size_t>(storage->rows * storage->sample_size) *
                                             sizeof(float));
  float* at = storage->inputs->as<float>();
  for (const Encoder::Feature& feature : encoder.features()) {
    encode_feature(table, feature, at, storage->sample_size);
    at += feature.width();
  }
  return storage;
}

[[noreturn]] void fail_target(const Table& table, const Column& column, std::size_t row,
                              const Encoder& encoder) {
  const auto at = static_cast<std::int64_t>(row);
  if (column.is_missing(at)) {
    fail(ErrorKind::data, "{}: line {}: the target \"{}\" is missing; every row needs one", table.name,
         line_of(table, row), column.name);
  }
  fail(ErrorKind::data, "{}: line {}: the target \"{}\" is \"{}\", none of the model's {} classes{}{}",
       table.name, line_of(table, row), column.name, column.text(at), encoder.classes().size(),
       suggest(column.text(at), encoder.classes()).empty() ? "" : ";",
       suggest(column.text(at), encoder.classes()));
}

// Class names that are numbers are compared by value: "3", "3.0" and "3e0" are one class.
std::vector<std::int32_t> labels_by_value(const Table& table, const Column& column, const Encoder& encoder) {
  std::unordered_map<double, std::int32_t> places;
  for (const std::string& name : encoder.classes()) {
    double number;
    read_value(name, number);
    places.emplace(number, static_cast<std::int32_t>(places.size()));
  }
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    double number = 0;
    const Value value = read_value(column.text(row), number);
    const auto found = value == Value::number ? places.find(number) : places.end();
    if (found == places.end()) fail_target(table, column, static_cast<std::size_t>(row), encoder);
    labels.push_back(found->second);
  }
  return labels;
}

BufferPtr encode_labels(const Encoder& encoder, const Table& table, bool by_value) {
  const Column& column = table[encoder.targets()[0].name];
  const std::vector<std::int32_t> labels =
      by_value ? labels_by_value(table, column, encoder) : places_of(column, encoder.classes());
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) fail_target(table, column, row, encoder);
  }
  auto buffer = std::make_shared<Buffer>(labels.size() * sizeof(std::int32_t));
  std::copy(labels.begin(), labels.end(), buffer->as<std::int32_t>());
  return buffer;
}

BufferPtr encode_targets(const Encoder& encoder, const Table& table) {
  const std::size_t width = encoder.targets().size();
  auto buffer = std::make_shared<Buffer>(static_cast<std::size_t>(table.rows()) * width * sizeof(float));
  for (std::size_t j = 0; j < width; ++j) {
    const Encoder::TargetColumn& target = encoder.targets()[j];
    const Column& column = table[target.name];
    std::vector<double> storage;
    const std::vector<double>& numbers = numbers_of(table, column, storage);
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      if (std::isnan(numbers[row])) fail_target(table, column, row, encoder);
      const double scaled = (numbers[row] - target.mean) / target.deviation;
      buffer->as<float>()[row * width + j] = static_cast<float>(scaled);
    }
  }
  return buffer;
}

}  // namespace

Dataset Encoder::encode_inputs(const Table& table) const {
  std::vector<std::string> wanted;
  for (const Feature& feature : features_) wanted.push_back(feature.name);
  check_columns(table, wanted);
  auto storage = encode_features(*this, table);
  if (windows_.size > 0) make_windows(*storage, windows_);
  return Dataset(std::move(storage));
}

Dataset Encoder::encode(const Table& table) const {
  std::vector<std::string> wanted;
  for (const Feature& feature : features_) wanted.push_back(feature.name);
  for (const TargetColumn& target : targets_) wanted.push_back(target.name);
  check_columns(table, wanted);
  auto storage = encode_features(*this, table);
  if (task_ == Task::classification) {
    storage->labels = encode_labels(*this, table, number_classes_);
  } else if (task_ == Task::multi_label) {
    storage->targets = targets_.size() == 1 ? encode_lists(table, table[targets_[0].name], classes_)
                                            : encode_truths(table, classes_);
  } else if (task_ == Task::regression) {
    storage->targets = encode_targets(*this, table);
  }
  if (windows_.size > 0) make_windows(*storage, windows_);
  return Dataset(std::move(storage));
}

}  // namespace retrograd::data
