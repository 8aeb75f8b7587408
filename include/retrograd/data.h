// Data for training: a CSV file or a folder of IDX images read, split, encoded, and handed out in batches.
//
//   auto [train, validation, test, encoder] = rg::data::load_csv("digits.csv", {.target = "digit"});
//   for (auto [x, t] : rg::data::batches(train, {.size = 10, .seed = 1})) step(x, t);
#pragma once

#include <retrograd/array.h>
#include <retrograd/dataset.h>
#include <retrograd/encoder.h>
#include <retrograd/table.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace retrograd::data {

// Rows of the three parts, each in the order of the data.
struct Split {
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> validation;
  std::vector<std::int64_t> test;
};

struct SplitOptions {
  double test = 0.2;        // of all rows
  double validation = 0.1;  // of the rest
  std::uint64_t seed = 1;
};

// A random split; the same seed gives the same one everywhere. A part has round(fraction * rows) rows, at
// least one where the fraction is not 0 and two rows are there, and never all. Throws Error(argument) for a
// fraction outside 0 <= f < 1 and for no rows.
Split split(std::int64_t rows, const SplitOptions& options = {});

// The same, stratified: a part's rows are shared among the classes in proportion to their size, rounded by
// the largest remainder (ties: the lower class). Of each class at least one row stays in the training part,
// so that a class with a single row is there alone. labels [rows], each 0 <= label.
Split split(std::span<const std::int32_t> labels, const SplitOptions& options = {});

// The same in order: the first rows are the training part, the last ones the test part.
Split split_in_order(std::int64_t rows, const SplitOptions& options = {});

// The split that a file gives: for each of `rows` rows, in order, one of the words train, validation, test;
// one a line, empty lines apart, below a header line "split" or none. A part but train may be empty. Throws
// Error(data) naming file and line: missing file, another word ("did you mean"), more or fewer words than
// rows, none of them train.
Split read_split(const std::string& path, std::int64_t rows);

// The same without tearing groups: all rows of a group fall into one part. Groups are taken in random order
// as long as they bring a part nearer to its share of the rows; at least one stays in the training part.
// groups [rows], each 0 <= group. Throws Error(argument), also for a single group that should be split.
Split split_by_group(std::span<const std::int32_t> groups, const SplitOptions& options = {});

// The parts and the encoder that was fitted on the training part; for text there is none. A part may be
// empty.
struct Parts {
  Dataset train;
  Dataset validation;
  Dataset test;
  Encoder encoder = {};
};

// The same rows, each its own target: labels and targets are not used.
Parts as_reconstruction(const Parts& parts);

struct LoadOptions {
  std::string target = {};        // see find_target; empty: the last column, in reconstruction none
  std::optional<Task> task = {};  // empty: inferred
  double test = 0.2;
  double validation = 0.1;
  std::uint64_t seed = 1;
  std::string split_file = {};      // see read_split; empty: a random split by the three above
  bool standardise_targets = true;  // false: numbers to predict are learned as they are
  std::string weight = {};          // a column of numbers of at least 0: how much a row counts in training
  std::string group = {};           // a column: rows with the same value are kept in one part
  // Of a time series: the split is in order, and a window with its target lies within one part. Goes without
  // weight, group, split_file and reconstruction.
  Windows windows = {};
  CsvOptions csv = {};
  // Files with more bytes are kept as four bytes a cell, rounded to 2^-24 of a column's spread, and encoded
  // when they are gathered; smaller ones as they are.
  std::int64_t pack_above = std::int64_t{32} << 20;
  // Bytes of such cells that are kept. Of a table with more of them only the place of each row in the file is
  // (8 bytes), and a row is read there again whenever it is gathered: the same numbers to the bit. Columns of
  // targets, weights, groups and dates, and the distinct texts of the others, are kept. The file must not
  // change meanwhile: Error(io). Not given: half of the machine's memory.
  std::optional<std::int64_t> memory = {};
  // Of a trained network that learns on: Encoder::go_on_from.
  std::optional<Encoder> encoder = {};
};

// Reads, splits (classification is stratified, unless there are groups; all else is not) and encodes.
// The columns of weights and groups are no inputs; rows of weight 0 are left out of the training and
// validation parts. Throws what read_csv, find_target, split, read_split and Encoder::fit throw;
// Error(argument) for an unknown column, Error(data) naming line and column for a missing or negative weight
// and a missing group, and for a part that is shorter than a window with its target.
Parts load_csv(const std::string& path, const LoadOptions& options = {});

// Rows of a file as the encoder of a trained network wants them, with targets or without. `memory`: as in
// LoadOptions.
enum class Targets { wanted, ignored };
Dataset load_csv(const std::string& path, const Encoder& encoder, Targets targets,
                 std::optional<std::int64_t> memory = {});

// A folder in the form of MNIST: {train,t10k}-{images-idx3,labels-idx1}-ubyte, plain or .gz. t10k is the test
// part, the last tenth of train the validation part. Classes are the distinct labels. Throws Error(data)
// naming the file: missing, not IDX, bytes other than the header promises, images and labels of different
// number, a label of t10k not in train.
Parts load_idx(const std::string& folder);

// Images without targets, from one IDX file of images [N, H, W].
Dataset load_idx_images(const std::string& path);

// Whether the path is a folder with a train images file, as load_idx wants it.
bool is_idx_folder(const std::string& path);

struct Batch {
  Array inputs;   // f32 [B, sample...]
  Array targets;  // i32 [B] classes; f32 [B, K] for regression, several labels and one_hot
};

struct BatchOptions {
  std::int64_t size = 32;  // rows in a batch, the last one has what is left
  std::uint64_t seed = 1;
  std::int64_t epoch = 0;  // the order of rows depends on seed and epoch alone
  bool shuffle = true;
  bool one_hot = false;  // classes as f32 [B, K], 1 at the class
};

// A range over the batches of one epoch; each is made when it is reached.
class Batches {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Batch;
    using difference_type = std::ptrdiff_t;
    using pointer = const Batch*;
    using reference = Batch;

    Iterator(const Batches* batches, std::int64_t number) : batches_(batches), number_(number) {}
    Batch operator*() const { return (*batches_)[number_]; }
    Iterator& operator++() {
      ++number_;
      return *this;
    }
    void operator++(int) { ++number_; }
    bool operator==(const Iterator& other) const { return number_ == other.number_; }

   private:
    const Batches* batches_;
    std::int64_t number_;
  };

  Batches(const Dataset& dataset, const BatchOptions& options);
  // The number of batches.
  std::int64_t size() const;
  Batch operator[](std::int64_t number) const;
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  Dataset dataset_;
  BatchOptions options_;
  std::vector<std::int64_t> order_;
};

// Throws Error(argument) for a size below 1 and for a dataset without targets.
Batches batches(const Dataset& dataset, const BatchOptions& options = {});

}  // namespace retrograd::data
