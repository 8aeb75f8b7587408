// A dataset: rows of inputs with their targets, and what is known of where they come from. Turning its rows
// into arrays batch by batch is in <retrograd/data.h>.
#pragma once

#include <retrograd/dtype.h>
#include <retrograd/shape.h>
#include <retrograd/vocabulary.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace retrograd::data {

// One class of several for each row; numbers; any number of labels, none and all among them, each of which a
// row has or has not; or the row's own inputs, which the network gives back.
enum class Task { classification, regression, multi_label, reconstruction };

// "classification", "regression", "multi-label", "reconstruction".
const char* name(Task task);

// Whether the answers are numbers: regression and reconstruction.
bool gives_numbers(Task task);

// Where rows come from.
struct Source {
  std::string name;                  // the path of the file or folder
  std::string sha256;                // of the file's bytes, or of a folder's files (load_idx, load_images)
  std::int64_t rows = 0;             // of all parts together
  std::vector<std::string> notices;  // what a user should know, in whole sentences
};

// Values are kept once: copies and subsets share them. Inputs are f32 [rows, D], or bytes [rows, C, H, W]
// that are handed out as value / 255. Targets are classes (places in classes()), numbers f32 [rows, K] or
// labels, f32 [rows, K], 1 where a row has the label and 0 elsewhere; or there are none. In reconstruction
// the target of a row is its input, K numbers one behind the other, and nothing is kept for it.
class Dataset {
 public:
  Dataset() = default;
  // inputs [rows, sample...], row-major; labels [rows], places in `classes`.
  // Throws Error(shape) where the sizes do not fit, Error(data) for a label outside the classes.
  static Dataset classification(std::span<const float> inputs, const Shape& sample,
                                std::span<const std::int32_t> labels, std::vector<std::string> classes);
  // inputs [rows, sample...], targets [rows, width], row-major. Throws Error(shape).
  static Dataset regression(std::span<const float> inputs, const Shape& sample,
                            std::span<const float> targets, std::int64_t width);
  // inputs [rows, sample...], targets [rows, labels.size()], row-major, each 0 or 1. Task: multi_label.
  // Throws Error(shape), Error(data) for another target.
  static Dataset multi_label(std::span<const float> inputs, const Shape& sample,
                             std::span<const float> targets, std::vector<std::string> labels);

  // inputs [rows, sample...], row-major; each row is its own target. Throws Error(shape).
  static Dataset reconstruction(std::span<const float> inputs, const Shape& sample);

  // Text: windows of `context` tokens, one behind the other; a label for each token, the one after it;
  // classes are the vocabulary's tokens. Task: classification. Throws Error(data) for a token outside the
  // vocabulary, Error(shape) where there are tokens, but fewer than context + 1.
  static Dataset text(std::span<const std::int32_t> tokens, std::int64_t context,
                      const Vocabulary& vocabulary, Source source = {});

  std::int64_t rows() const { return rows_; }
  // Of one sample: [D] or [C, H, W].
  const Shape& input_shape() const;
  bool has_targets() const;
  // Of the targets; without any, of the model's target.
  Task task() const;
  // Names of the classes or of the labels; empty for numbers.
  const std::vector<std::string>& classes() const;
  // Numbers in a sample's target: K for regression, the number of classes or of labels, or that of inputs.
  std::int64_t target_width() const;
  const Source& source() const;
  // Of text; empty for other rows.
  const Vocabulary& vocabulary() const;
  // Labels in a row of text, the tokens of a window; 0 for rows that are none.
  std::int64_t steps() const;
  // The windows of text that many tokens later; one that would end behind the text ends with it.
  Dataset shifted(std::int64_t tokens) const;

  // The class of a row. Throws Error(argument) outside classification or rows().
  std::int32_t label(std::int64_t row) const;
  // The j-th target of a row, as the network sees it; of several labels whether the row has the j-th, 1 or 0.
  // Throws Error(argument) for classification and reconstruction and outside rows() or the width.
  float target(std::int64_t row, std::int64_t j = 0) const;
  // How many rows each class or label has; empty for numbers.
  std::vector<std::int64_t> class_counts() const;

  // The same rows, counted by these weights in training, for all rows of the data. Throws Error(shape),
  // Error(data) for a weight that is negative or not finite.
  Dataset with_weights(std::span<const float> weights) const;
  bool has_weights() const;

  // The same rows, each its own target; targets that they have are not used. Throws Error(argument) for text.
  Dataset as_reconstruction() const;

  // The rows with these numbers, in this order, one as often as it is named. Throws Error(argument) for one
  // out of range.
  Dataset subset(std::span<const std::int64_t> rows) const;
  // The rows first <= row < last. Throws Error(argument).
  Dataset slice(std::int64_t first, std::int64_t last) const;

  // Gathers rows into memory of the caller: inputs [count, sample...] as f32. Allocates nothing, unless the
  // rows are read again from a file (LoadOptions::memory). Throws Error(argument) for a row out of range,
  // Error(io) where that file has changed or cannot be read.
  void copy_inputs(std::span<const std::int64_t> rows, float* inputs) const;
  // labels [count], or [count, steps()] of text. Throws Error(argument) outside classification.
  void copy_labels(std::span<const std::int64_t> rows, std::int32_t* labels) const;
  // targets [count, target_width()]: the numbers of regression; 1 at the class or the labels of the row and 0
  // elsewhere; the inputs in reconstruction, with what copy_inputs throws.
  void copy_targets(std::span<const std::int64_t> rows, float* targets) const;

  // weights [count], 1 where the data has none.
  void copy_weights(std::span<const std::int64_t> rows, float* weights) const;

  struct Storage;
  explicit Dataset(std::shared_ptr<const Storage> storage);

 private:
  const Storage& storage() const;
  std::int64_t place(std::int64_t row) const;
  // The first token of a window.
  const std::int32_t* window(std::int64_t row) const;

  std::shared_ptr<const Storage> storage_;
  std::shared_ptr<const std::vector<std::int64_t>> chosen_;  // rows of the storage; null: all from first_ on
  std::int64_t first_ = 0;
  std::int64_t shift_ = 0;  // of windows of text, in tokens
  std::int64_t rows_ = 0;
};

}  // namespace retrograd::data
