// Permutation importance.
#include <retrograd/importance.h>
#include <retrograd/metrics.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/fail.h"
#include "data/random.h"
#include "train/evaluator.h"

namespace retrograd::train {
namespace {

// The rows with their inputs in memory, where columns are shuffled.
class Rows {
 public:
  Rows(Predictor& predictor, const data::Dataset& rows)
      : predictor_(&predictor),
        step_(static_cast<std::size_t>(predictor.encoder().row_width())),
        count_(static_cast<std::size_t>(rows.rows())),
        width_(static_cast<std::size_t>(rows.input_shape().size())),
        shape_(rows.input_shape()),
        inputs_(count_ * width_),
        task_(rows.task()),
        names_(rows.classes()),
        target_width_(rows.target_width()) {
    std::vector<std::int64_t> all(count_);
    std::iota(all.begin(), all.end(), std::int64_t{0});
    rows.copy_inputs(all, inputs_.data());
    if (task_ == data::Task::classification) {
      labels_.resize(count_);
      rows.copy_labels(all, labels_.data());
    } else {
      targets_.resize(count_ * static_cast<std::size_t>(target_width_));
      rows.copy_targets(all, targets_.data());
    }
  }

  double score() { return score_of(inputs_); }

  // With the numbers first <= i < first + width of a row, in windows of each of their rows, taken from
  // another row.
  double shuffled_score(std::size_t first, std::size_t width, std::span<const std::int64_t> order) {
    std::vector<float> inputs = inputs_;
    for (std::size_t row = 0; row < count_; ++row) {
      const auto from = static_cast<std::size_t>(order[row]);
      for (std::size_t at = first; at < width_; at += step_) {
        std::copy_n(inputs_.begin() + static_cast<std::ptrdiff_t>(from * width_ + at), width,
                    inputs.begin() + static_cast<std::ptrdiff_t>(row * width_ + at));
      }
    }
    return score_of(inputs);
  }

 private:
  data::Dataset with(const std::vector<float>& inputs) const {
    switch (task_) {
      case data::Task::classification:
        return data::Dataset::classification(inputs, shape_, labels_, names_);
      case data::Task::multi_label:
        return data::Dataset::multi_label(inputs, shape_, targets_, names_);
      case data::Task::regression:
      case data::Task::reconstruction:
        break;
    }
    return data::Dataset::regression(inputs, shape_, targets_, target_width_);
  }

  double score_of(const std::vector<float>& inputs) {
    const data::Dataset rows = with(inputs);
    const std::vector<double> predicted = predictor_->predict(rows);
    if (task_ == data::Task::classification) {
      return accuracy(most_probable(predicted, target_width_), labels_);
    }
    if (task_ == data::Task::multi_label) return label_accuracy(probable_labels(predicted), truth_of(rows));
    std::vector<double> truth;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      truth.push_back(
          predictor_->encoder().in_units(targets_[i], i % static_cast<std::size_t>(target_width_)));
    }
    return r2(predicted, truth, target_width_);
  }

  Predictor* predictor_;
  std::size_t step_;  // numbers of a row of the table
  std::size_t count_, width_;
  Shape shape_;
  std::vector<float> inputs_;  // [rows, width]
  data::Task task_;
  std::vector<std::string> names_;
  std::int64_t target_width_;
  std::vector<std::int32_t> labels_;
  std::vector<float> targets_;
};

ColumnImportance importance_of(const std::string& name, const std::vector<double>& losses) {
  const auto count = static_cast<double>(losses.size());
  const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) / count;
  double squares = 0;
  for (const double loss : losses) squares += (loss - mean) * (loss - mean);
  return {name, mean, std::sqrt(squares / count)};
}

}  // namespace

Importance permutation_importance(Predictor& predictor, const data::Dataset& rows,
                                  const ImportanceOptions& options) {
  const data::Encoder& encoder = predictor.encoder();
  if (encoder.takes_images()) fail(ErrorKind::argument, "importance: images have no columns");
  if (encoder.task() == data::Task::reconstruction) {
    fail(ErrorKind::argument,
         "importance: in reconstruction each column is input and target; there is no score that another one "
         "is important for");
  }
  if (options.repeats < 1) {
    fail(ErrorKind::argument, "importance: repeats is {}; expected at least 1", options.repeats);
  }
  Importance result{.score = encoder.task() == data::Task::regression ? "r2" : "accuracy",
                    .rows = rows.rows(),
                    .repeats = options.repeats};
  predictor.evaluate(rows);  // for what it throws
  Rows table(predictor, rows);
  result.baseline = table.score();
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows.rows()));
  std::size_t first = 0;
  std::uint64_t column = 0;
  for (const data::Encoder::Feature& feature : encoder.features()) {
    const auto width = static_cast<std::size_t>(feature.width());
    data::RandomWords random(options.seed, data::Purpose::permutation, column++);
    std::vector<double> losses;
    for (std::int64_t repeat = 0; repeat < options.repeats; ++repeat) {
      std::iota(order.begin(), order.end(), std::int64_t{0});
      data::shuffle(order, random);
      losses.push_back(result.baseline - table.shuffled_score(first, width, order));
    }
    result.columns.push_back(importance_of(feature.name, losses));
    first += width;
  }
  std::stable_sort(result.columns.begin(), result.columns.end(),
                   [](const auto& a, const auto& b) { return a.mean > b.mean; });
  return result;
}

}  // namespace retrograd::train
