// Figures of merit of several labels a row.
#include <retrograd/metrics.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/fail.h"

// N rows, L labels.
namespace retrograd::train {
namespace {

void check_sizes(const char* what, std::size_t answers, std::size_t truths, std::int64_t labels = 1) {
  if (labels < 1) fail(ErrorKind::argument, "{}: {} labels; expected at least 1", what, labels);
  if (answers != truths) {
    fail(ErrorKind::argument, "{}: {} answers do not match {} truths", what, answers, truths);
  }
  if (truths == 0) fail(ErrorKind::argument, "{}: there are no rows", what);
  if (truths % static_cast<std::size_t>(labels) != 0) {
    fail(ErrorKind::argument, "{}: {} answers are no rows of {} labels", what, answers, labels);
  }
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::uint8_t> probable_labels(std::span<const double> probabilities) {
  std::vector<std::uint8_t> labels;
  labels.reserve(probabilities.size());
  for (const double p : probabilities) labels.push_back(p > 0.5 ? 1 : 0);
  return labels;
}

double label_accuracy(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth) {
  return subset_accuracy(predicted, truth, 1);
}

double subset_accuracy(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth,
                       std::int64_t labels) {
  check_sizes(labels == 1 ? "label_accuracy" : "subset_accuracy", predicted.size(), truth.size(), labels);
  const auto width = static_cast<std::size_t>(labels);
  std::int64_t right = 0;
  for (std::size_t first = 0; first < truth.size(); first += width) {
    bool all = true;
    for (std::size_t at = first; at < first + width; ++at)
      all = all && (predicted[at] != 0) == (truth[at] != 0);
    right += all ? 1 : 0;
  }
  return share(right, static_cast<std::int64_t>(truth.size() / width));
}

double micro_f1(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth) {
  check_sizes("micro_f1", predicted.size(), truth.size());
  std::int64_t right = 0, named = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    right += predicted[i] != 0 && truth[i] != 0 ? 1 : 0;
    named += (predicted[i] != 0 ? 1 : 0) + (truth[i] != 0 ? 1 : 0);
  }
  return named == 0 ? std::numeric_limits<double>::quiet_NaN() : share(2 * right, named);
}

std::vector<LabelFigures> figures_of_labels(std::span<const double> probabilities,
                                            std::span<const std::uint8_t> truth, std::int64_t labels) {
  check_sizes("figures_of_labels", probabilities.size(), truth.size(), labels);
  const auto width = static_cast<std::size_t>(labels);
  const std::size_t rows = truth.size() / width;
  const std::vector<std::uint8_t> predicted = probable_labels(probabilities);
  std::vector<double> scores(rows);
  std::vector<std::uint8_t> positive(rows);
  std::vector<LabelFigures> all;
  for (std::size_t j = 0; j < width; ++j) {
    LabelFigures one;
    for (std::size_t i = 0; i < rows; ++i) {
      scores[i] = probabilities[i * width + j];
      positive[i] = truth[i * width + j];
      const bool has = positive[i] != 0, told = predicted[i * width + j] != 0;
      one.rows += has ? 1 : 0;
      one.predicted += told ? 1 : 0;
      one.right += has && told ? 1 : 0;
    }
    one.precision = share(one.right, one.predicted);
    one.recall = share(one.right, one.rows);
    one.f1 = share(2 * one.right, one.rows + one.predicted);
    one.auc = auc(scores, positive);
    all.push_back(one);
  }
  return all;
}

double log_loss_of_labels(std::span<const double> probabilities, std::span<const std::uint8_t> truth,
                          std::int64_t labels) {
  check_sizes("log_loss_of_labels", probabilities.size(), truth.size(), labels);
  double total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double p = truth[i] != 0 ? probabilities[i] : 1 - probabilities[i];
    total -= std::log(std::max(p, std::numeric_limits<double>::min()));
  }
  return total / static_cast<double>(truth.size() / static_cast<std::size_t>(labels));
}

}  // namespace retrograd::train
