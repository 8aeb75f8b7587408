// Figures of merit of predicted classes: the confusion matrix and what follows from it, top-k, calibration.
// accuracy, F1, AUC and log loss are in metrics.cpp, those of several labels in label_metrics.cpp.
#include <retrograd/metrics.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/fail.h"

// N rows, K classes.
namespace retrograd::train {
namespace {

void check_labels(const char* what, std::span<const std::int32_t> labels, std::int64_t classes) {
  if (classes < 1) fail(ErrorKind::argument, "{}: {} classes; expected at least 1", what, classes);
  for (const std::int32_t label : labels) {
    if (label >= 0 && label < classes) continue;
    fail(ErrorKind::argument, "{}: class {} is out of range; expected 0 <= class < {}", what, label, classes);
  }
}

void check_rows(const char* what, std::size_t numbers, std::size_t rows, std::int64_t classes) {
  if (rows == 0) fail(ErrorKind::argument, "{}: there are no rows", what);
  if (numbers != rows * static_cast<std::size_t>(classes)) {
    fail(ErrorKind::argument, "{}: {} probabilities do not fit {} rows of {} classes", what, numbers, rows,
         classes);
  }
}

// The mean over the classes that are named by labels or predictions of right / total(class), 0 where the
// total is.
template <typename Total>
double macro(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels, Total total) {
  std::int32_t most = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) most = std::max({most, predicted[i], labels[i]});
  const auto classes = static_cast<std::int64_t>(most) + 1;
  const std::vector<std::int64_t> counts = confusion_matrix(predicted, labels, classes);
  const auto size = static_cast<std::size_t>(classes);
  double sum = 0, named = 0;
  for (std::size_t k = 0; k < size; ++k) {
    std::int64_t row = 0, column = 0;
    for (std::size_t j = 0; j < size; ++j) {
      row += counts[k * size + j];
      column += counts[j * size + k];
    }
    if (row + column == 0) continue;
    named += 1;
    const std::int64_t of = total(row, column);
    if (of > 0) sum += static_cast<double>(counts[k * size + k]) / static_cast<double>(of);
  }
  return sum / named;
}

}  // namespace

std::vector<std::int64_t> confusion_matrix(std::span<const std::int32_t> predicted,
                                           std::span<const std::int32_t> labels, std::int64_t classes) {
  check_labels("confusion_matrix", labels, classes);
  check_labels("confusion_matrix", predicted, classes);
  check_rows("confusion_matrix", predicted.size(), labels.size(), 1);
  const auto size = static_cast<std::size_t>(classes);
  std::vector<std::int64_t> counts(size * size, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    counts[static_cast<std::size_t>(labels[i]) * size + static_cast<std::size_t>(predicted[i])] += 1;
  }
  return counts;
}

double macro_precision(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels) {
  return macro(predicted, labels, [](std::int64_t, std::int64_t column) { return column; });
}

double macro_recall(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels) {
  return macro(predicted, labels, [](std::int64_t row, std::int64_t) { return row; });
}

double top_k_accuracy(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                      std::int64_t classes, std::int64_t k) {
  check_labels("top_k_accuracy", labels, classes);
  check_rows("top_k_accuracy", probabilities.size(), labels.size(), classes);
  if (k < 1) fail(ErrorKind::argument, "top_k_accuracy: k is {}; expected at least 1", k);
  double right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row =
        probabilities.subspan(i * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
    const auto label = static_cast<std::size_t>(labels[i]);
    std::int64_t before = 0;  // classes that are named before the label
    for (std::size_t j = 0; j < row.size(); ++j) {
      before += row[j] > row[label] || (j < label && !(row[j] < row[label])) ? 1 : 0;
    }
    right += before < k ? 1 : 0;
  }
  return right / static_cast<double>(labels.size());
}

std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::int32_t> labels, std::int64_t classes,
                                        std::int64_t bins) {
  check_labels("reliability", labels, classes);
  check_rows("reliability", probabilities.size(), labels.size(), classes);
  if (bins < 1) fail(ErrorKind::argument, "reliability: {} bins; expected at least 1", bins);
  std::vector<ReliabilityBin> all(static_cast<std::size_t>(bins));
  const std::vector<std::int32_t> places = most_probable(probabilities, classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double p =
        probabilities[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(places[i])];
    const double place = std::ceil(p * static_cast<double>(bins)) - 1;
    ReliabilityBin& bin =
        all[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins - 1)))];
    bin.rows += 1;
    bin.confidence += p;
    bin.accuracy += places[i] == labels[i] ? 1 : 0;
  }
  for (ReliabilityBin& bin : all) {
    if (bin.rows == 0) continue;
    bin.confidence /= static_cast<double>(bin.rows);
    bin.accuracy /= static_cast<double>(bin.rows);
  }
  return all;
}

double expected_calibration_error(std::span<const ReliabilityBin> bins) {
  double total = 0, rows = 0;
  for (const ReliabilityBin& bin : bins) {
    total += static_cast<double>(bin.rows) * std::abs(bin.accuracy - bin.confidence);
    rows += static_cast<double>(bin.rows);
  }
  if (rows == 0) fail(ErrorKind::argument, "expected_calibration_error: there are no rows");
  return total / rows;
}

}  // namespace retrograd::train
