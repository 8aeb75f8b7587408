// Datasets: construction, subsets, single targets. Gathering rows into memory: gather.cpp.
#include <retrograd/dataset.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/fail.h"
#include "data/storage.h"

namespace retrograd::data {
namespace {

template <typename T>
BufferPtr copy(std::span<const T> values) {
  auto buffer = std::make_shared<Buffer>(values.size_bytes());
  if (!values.empty()) std::memcpy(buffer->data(), values.data(), values.size_bytes());
  return buffer;
}

std::shared_ptr<Dataset::Storage> store_inputs(std::span<const float> inputs, const Shape& sample) {
  auto storage = std::make_shared<Dataset::Storage>();
  storage->sample = sample;
  storage->sample_size = sample.size();
  const auto size = static_cast<std::size_t>(sample.size());
  if (size == 0 || inputs.size() % size != 0) {
    fail(ErrorKind::shape, "dataset: {} inputs are not a whole number of samples of shape {}", inputs.size(),
         sample.to_string());
  }
  storage->rows = static_cast<std::int64_t>(inputs.size() / size);
  storage->inputs = copy(inputs);
  return storage;
}

}  // namespace

const char* name(Task task) {
  switch (task) {
    case Task::classification:
      return "classification";
    case Task::regression:
      return "regression";
    case Task::multi_label:
      return "multi-label";
    case Task::reconstruction:
      return "reconstruction";
  }
  return "";
}

bool gives_numbers(Task task) { return task == Task::regression || task == Task::reconstruction; }

Dataset Dataset::classification(std::span<const float> inputs, const Shape& sample,
                                std::span<const std::int32_t> labels, std::vector<std::string> classes) {
  auto storage = store_inputs(inputs, sample);
  if (static_cast<std::int64_t>(labels.size()) != storage->rows) {
    fail(ErrorKind::shape, "dataset: {} labels for {} rows", labels.size(), storage->rows);
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes.size()) {
      fail(ErrorKind::data, "dataset: row {} has label {}; expected 0 <= label < {}", i, labels[i],
           classes.size());
    }
  }
  storage->task = Task::classification;
  storage->labels = copy(labels);
  storage->width = static_cast<std::int64_t>(classes.size());
  storage->classes = std::move(classes);
  storage->source.rows = storage->rows;
  return Dataset(std::move(storage));
}

Dataset Dataset::regression(std::span<const float> inputs, const Shape& sample,
                            std::span<const float> targets, std::int64_t width) {
  auto storage = store_inputs(inputs, sample);
  if (width < 1 || static_cast<std::int64_t>(targets.size()) != storage->rows * width) {
    fail(ErrorKind::shape, "dataset: {} targets for {} rows of width {}", targets.size(), storage->rows,
         width);
  }
  storage->task = Task::regression;
  storage->targets = copy(targets);
  storage->width = width;
  storage->source.rows = storage->rows;
  return Dataset(std::move(storage));
}

Dataset Dataset::multi_label(std::span<const float> inputs, const Shape& sample,
                             std::span<const float> targets, std::vector<std::string> labels) {
  auto storage = store_inputs(inputs, sample);
  const std::size_t width = labels.size();
  if (width == 0 || targets.size() != static_cast<std::size_t>(storage->rows) * width) {
    fail(ErrorKind::shape, "dataset: {} targets for {} rows of {} labels", targets.size(), storage->rows,
         width);
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == 0 || targets[i] == 1) continue;
    fail(ErrorKind::data, "dataset: row {} has {} for the label \"{}\"; expected 0 or 1", i / width,
         targets[i], labels[i % width]);
  }
  storage->task = Task::multi_label;
  storage->targets = copy(targets);
  storage->width = static_cast<std::int64_t>(width);
  storage->classes = std::move(labels);
  storage->source.rows = storage->rows;
  return Dataset(std::move(storage));
}

Dataset Dataset::reconstruction(std::span<const float> inputs, const Shape& sample) {
  auto storage = store_inputs(inputs, sample);
  storage->task = Task::reconstruction;
  storage->width = storage->sample_size;
  storage->source.rows = storage->rows;
  return Dataset(std::move(storage));
}

Dataset Dataset::as_reconstruction() const {
  if (task() == Task::reconstruction) return *this;
  if (storage().tokens != nullptr) {
    fail(ErrorKind::argument, "dataset: reconstruction is not for text, which predicts its next token");
  }
  auto changed = std::make_shared<Storage>(storage());
  changed->task = Task::reconstruction;
  changed->width = changed->sample_size;
  changed->classes.clear();
  changed->labels = changed->targets = nullptr;
  Dataset result = *this;
  result.storage_ = std::move(changed);
  return result;
}

Dataset Dataset::text(std::span<const std::int32_t> tokens, std::int64_t context,
                      const Vocabulary& vocabulary, Source source) {
  auto storage = std::make_shared<Storage>();
  storage->count_of_tokens = static_cast<std::int64_t>(tokens.size());
  if (context < 1 || (!tokens.empty() && storage->count_of_tokens <= context)) {
    fail(ErrorKind::shape, "dataset: {} tokens make no window of {}; expected at least {}", tokens.size(),
         context, context + 1);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] >= 0 && tokens[i] < vocabulary.size()) continue;
    fail(ErrorKind::data, "dataset: token {} is {}; expected 0 <= token < {}", i, tokens[i],
         vocabulary.size());
  }
  storage->rows = tokens.empty() ? 0 : (storage->count_of_tokens - 1) / context;
  storage->sample = Shape{context};
  storage->sample_size = context;
  storage->task = Task::classification;
  storage->tokens = copy(tokens);
  storage->vocabulary = vocabulary;
  storage->classes = vocabulary.tokens();
  storage->width = vocabulary.size();
  storage->source = std::move(source);
  return Dataset(std::move(storage));
}

Dataset::Dataset(std::shared_ptr<const Storage> storage)
    : storage_(std::move(storage)), rows_(storage_->rows) {}

const Dataset::Storage& Dataset::storage() const {
  static const Storage empty;
  return storage_ == nullptr ? empty : *storage_;
}

const Shape& Dataset::input_shape() const { return storage().sample; }
bool Dataset::has_targets() const {
  return storage().labels != nullptr || storage().targets != nullptr || storage().tokens != nullptr ||
         storage().task == Task::reconstruction;
}
std::int64_t Dataset::steps() const { return storage().tokens == nullptr ? 0 : storage().sample_size; }
Task Dataset::task() const { return storage().task; }
const std::vector<std::string>& Dataset::classes() const { return storage().classes; }
std::int64_t Dataset::target_width() const { return storage().width; }
const Vocabulary& Dataset::vocabulary() const { return storage().vocabulary; }
const Source& Dataset::source() const { return storage().source; }

std::int64_t Dataset::place(std::int64_t row) const {
  if (row < 0 || row >= rows_) {
    fail(ErrorKind::argument, "dataset: row {} is out of range; expected 0 <= row < {}", row, rows_);
  }
  return chosen_ == nullptr ? first_ + row : (*chosen_)[static_cast<std::size_t>(first_ + row)];
}

const std::int32_t* Dataset::window(std::int64_t row) const {
  const Storage& from = storage();
  const std::int64_t last = from.count_of_tokens - 1 - from.sample_size;
  const std::int64_t first = std::clamp<std::int64_t>(place(row) * from.sample_size + shift_, 0, last);
  return from.tokens->as<std::int32_t>() + first;
}

std::int32_t Dataset::label(std::int64_t row) const {
  if (storage().labels == nullptr) fail(ErrorKind::argument, "dataset: there are no class labels");
  return storage().labels->as<std::int32_t>()[place(row)];
}

float Dataset::target(std::int64_t row, std::int64_t j) const {
  if (task() == Task::reconstruction) {
    fail(ErrorKind::argument, "dataset: the targets are the inputs; copy_inputs gives them");
  }
  if (storage().targets == nullptr) fail(ErrorKind::argument, "dataset: there are no numbers as targets");
  if (j < 0 || j >= storage().width) {
    fail(ErrorKind::argument, "dataset: target {} is out of range; expected 0 <= target < {}", j,
         storage().width);
  }
  return storage().targets->as<float>()[place(row) * storage().width + j];
}

std::vector<std::int64_t> Dataset::class_counts() const {
  std::vector<std::int64_t> counts(classes().size());
  if (task() == Task::multi_label && has_targets()) {
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::size_t j = 0; j < counts.size(); ++j) {
        counts[j] += target(row, static_cast<std::int64_t>(j)) == 1 ? 1 : 0;
      }
    }
    return counts;
  }
  if (storage().labels == nullptr) return counts;
  for (std::int64_t row = 0; row < rows_; ++row) ++counts[static_cast<std::size_t>(label(row))];
  return counts;
}

Dataset Dataset::subset(std::span<const std::int64_t> rows) const {
  auto chosen = std::make_shared<std::vector<std::int64_t>>();
  chosen->reserve(rows.size());
  for (std::int64_t row : rows) chosen->push_back(place(row));
  Dataset result = *this;
  result.rows_ = static_cast<std::int64_t>(chosen->size());
  result.first_ = 0;
  result.chosen_ = std::move(chosen);
  return result;
}

Dataset Dataset::with_weights(std::span<const float> weights) const {
  if (static_cast<std::int64_t>(weights.size()) != storage().rows) {
    fail(ErrorKind::shape, "dataset: {} weights for {} rows", weights.size(), storage().rows);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] >= 0 && weights[i] <= std::numeric_limits<float>::max()) continue;
    fail(ErrorKind::data, "dataset: row {} has weight {}; expected a number of at least 0", i, weights[i]);
  }
  auto changed = std::make_shared<Storage>(storage());
  changed->weights = copy(weights);
  Dataset result = *this;
  result.storage_ = std::move(changed);
  return result;
}

bool Dataset::has_weights() const { return storage().weights != nullptr; }

Dataset Dataset::shifted(std::int64_t tokens) const {
  Dataset result = *this;
  result.shift_ += tokens;
  return result;
}

Dataset Dataset::slice(std::int64_t first, std::int64_t last) const {
  if (first < 0 || last < first || last > rows_) {
    fail(ErrorKind::argument, "dataset: rows {} to {} are out of range; expected 0 <= first <= last <= {}",
         first, last, rows_);
  }
  Dataset result = *this;
  result.first_ += first;
  result.rows_ = last - first;
  return result;
}

}  // namespace retrograd::data
