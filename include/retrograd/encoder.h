// The encoder: all that takes a raw row of a table to what the network sees, and the network's answer back to
// names and units. It is fitted on the training part alone and kept in the model file.
#pragma once

#include <retrograd/dataset.h>
#include <retrograd/table.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::data {

// The columns to predict, and how.
struct Target {
  std::vector<int> columns;  // places in the table
  Task task = Task::regression;
};

// `columns`: the name of a column, or several with commas between; empty: the last column. The task, where it
// is not given: multi_label for several columns of truths (0 and 1, true and false, yes and no),
// classification for one of text or of at most 20 distinct integers, else regression. In multi_label one
// column of text lists the labels of a row with bars between, "rain|wind"; an empty cell is a row without
// labels. Throws Error(argument) for an unknown column ("did you mean"), for several columns in
// classification, for regression on text and multi_label on one column of numbers; Error(data) naming the
// line for a missing value in a target and for what is no truth, and where only one class, or the same labels
// in all rows, are there. In reconstruction the columns are those that are no inputs, whatever they hold;
// empty: none.
Target find_target(const Table& table, std::string_view columns = {}, std::optional<Task> task = {});

// Samples of a time series, whose rows stand in the order of time: `size` rows one behind the other, and the
// target of the row that is `horizon` rows behind the last of them.
struct Windows {
  std::int64_t size = 0;  // 0: each row is a sample of its own
  std::int64_t horizon = 1;

  // Rows from the first of a window to that of its target.
  std::int64_t span() const { return size + horizon; }
  bool operator==(const Windows&) const = default;
};

// A column of numbers becomes (x - mean) / deviation, a constant one 0; a missing number becomes the mean
// and, where the training part had missing numbers in the column, an indicator after it is 1 instead of 0. A
// column of text becomes one number a category, 1 for the row's and 0 else: the 100 most frequent ones of the
// training part (ties by name), in the order of their names. The others, and missing text, are the category
// "other", which comes last and exists where the training part has such rows; without it they are 0
// everywhere, as is a category never seen in training. Images are bytes / 255.
//
// A date becomes its days since 1970 as a number, standardised, and, as sine and cosine, so that the end of a
// cycle lies beside its beginning, its place in the year and in the week, and in the day where the training
// part has times of day; a missing date is 0 everywhere, its indicator 1. A column of text becomes a bag of
// words: 1 for each word that stands in it, of the 200 words that stand in most rows of the training part,
// but in two at least. Words are runs of letters and digits, ASCII letters in lower case.
class Encoder {
 public:
  static constexpr std::size_t most_categories = 100;
  static constexpr std::size_t most_words = 200;

  struct Feature {
    std::string name;
    ColumnType type = ColumnType::number;
    // numbers, and dates as days since 1970
    double mean = 0;
    double deviation = 0;  // of the whole training part (divided by n); 0: constant
    bool indicator = false;
    bool time = false;  // of dates: there are times of day
    // categories, or the words of text
    std::vector<std::string> categories;  // sorted
    bool other = false;

    std::int64_t width() const;
    bool operator==(const Feature&) const = default;
  };
  struct TargetColumn {
    std::string name;
    double mean = 0;  // of regression: y = mean + deviation * output
    double deviation = 1;
    bool operator==(const TargetColumn&) const = default;
  };

  Encoder() = default;
  // Fits features and targets on `training` rows of the table. Names of classes and labels come from the
  // whole table, sorted: numbers by value, text by bytes; where each label has a column, they are those of
  // the columns. In windows the target's past is known: its columns are features too. Throws Error(data)
  // where no column is left as a feature, Error(argument) for windows out of range.
  static Encoder fit(const Table& table, const Target& target, std::span<const std::int64_t> training,
                     const Windows& windows = {});
  // Targets of regression are seen by the network as they are, not standardised.
  void keep_target_units();
  // Takes the features of `trained` as they are (means, deviations, categories), so that a network that was
  // trained with them sees what it knows; its targets too where task and columns are the same and it has all
  // the classes. Other columns of the table are no inputs. Throws Error(argument) where a target is an input
  // of `trained`, unless both have windows.
  void go_on_from(const Encoder& trained);
  // How files with rows for the model are written, where it is not to be found out.
  struct Form {
    char separator = '\0';  // as in CsvOptions
    bool header = true;
    bool operator==(const Form&) const = default;
  };
  void set_form(const Form& form) { form_ = form; }
  const Form& form() const { return form_; }
  // For byte images [C, H, W].
  static Encoder images(const Shape& image, std::vector<std::string> classes);
  // The same inputs, of rows that are their own targets. Throws Error(argument) for windows.
  Encoder as_reconstruction() const;

  bool takes_images() const { return image_.rank() == 3; }
  const Windows& windows() const { return windows_; }
  Task task() const { return task_; }
  // Of one sample: [D], [windows().size, D] or [C, H, W].
  Shape input_shape() const;
  // D, the numbers that a row of a table becomes.
  std::int64_t row_width() const;
  const std::vector<Feature>& features() const { return features_; }
  // A name for each of the D numbers: "age", "age (missing)", "colour = red", "colour = other",
  // "born (days)", "born (year, sine)", "remark: good"; of windows for each row of them, "age [-2]" two rows
  // before the last, "age [0]" in it.
  std::vector<std::string> input_names() const;
  // Of several labels, their names.
  const std::vector<std::string>& classes() const { return classes_; }
  const std::vector<TargetColumn>& targets() const { return targets_; }
  // An output of regression in the target's own units.
  double in_units(double output, std::size_t target = 0) const;
  // What a number that the network sees stands for: offset + scale * number. Numbers and dates (as days since
  // 1970) in their own units; all others, and those of images, as they are.
  struct Units {
    double offset = 0;
    double scale = 1;
  };
  // For each of the input_shape().size() inputs.
  std::vector<Units> input_units() const;

  // Columns that must be read as text (CsvOptions::text_columns), so that "07" stays "07".
  std::vector<std::string> text_columns() const;
  // How a file has to be read: its form, the types of all columns of the model, and nothing else.
  CsvOptions csv_options() const;
  // Rows with their targets. Columns are found by name, others are ignored. Throws Error(data), naming the
  // file: for missing columns ("did you mean"), text in a column of numbers (line, column and text), a number
  // too large for f32, a missing target, a class or label the training data did not have, fewer rows than a
  // window with its target needs. With windows row i is the window that begins with row i of the table.
  Dataset encode(const Table& table) const;
  // Rows without targets (in reconstruction the inputs), whose columns may be absent, but not with windows;
  // the last window is then that of the last rows.
  Dataset encode_inputs(const Table& table) const;

  // JSON text; from_json(to_json()) is equal, to the last bit. from_json throws Error(data) for anything
  // else.
  std::string to_json() const;
  static Encoder from_json(std::string_view text);
  bool operator==(const Encoder&) const = default;

 private:
  Task task_ = Task::regression;
  Shape image_;  // [C, H, W], or rank 0 for tables
  Windows windows_;
  std::vector<Feature> features_;
  std::vector<TargetColumn> targets_;
  std::vector<std::string> classes_;
  Form form_;
  bool number_classes_ = false;  // class names are numbers, compared by value
};

}  // namespace retrograd::data
