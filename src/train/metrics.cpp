// Figures of merit of predictions. Those from the confusion matrix, top-k and calibration are in
// class_metrics.cpp.
#include <retrograd/metrics.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/fail.h"

namespace retrograd::train {
namespace {

void check_rows(const char* what, std::size_t a, std::size_t b) {
  if (a != b) fail(ErrorKind::argument, "{}: {} predictions do not match {} rows", what, a, b);
  if (a == 0) fail(ErrorKind::argument, "{}: there are no rows", what);
}

void check_matrix(const char* what, std::size_t numbers, std::size_t rows, std::int64_t width) {
  if (width < 1) fail(ErrorKind::argument, "{}: the width is {}; expected at least 1", what, width);
  if (numbers % static_cast<std::size_t>(width) != 0) {
    fail(ErrorKind::argument, "{}: {} numbers are no rows of {}", what, numbers, width);
  }
  check_rows(what, numbers / static_cast<std::size_t>(width), rows);
}

// The mean over the targets of f(predicted, targets) of one target's column, read by index.
template <typename F>
double mean_over_targets(const char* what, std::span<const double> predicted, std::span<const double> targets,
                         std::int64_t width, F figure) {
  check_matrix(what, predicted.size(),
               targets.size() / static_cast<std::size_t>(std::max(width, std::int64_t{1})), width);
  const auto columns = static_cast<std::size_t>(width);
  double total = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    total += figure([&](std::size_t row) { return predicted[row * columns + j]; },
                    [&](std::size_t row) { return targets[row * columns + j]; }, predicted.size() / columns);
  }
  return total / static_cast<double>(columns);
}

}  // namespace

double accuracy(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels) {
  check_rows("accuracy", predicted.size(), labels.size());
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += predicted[i] == labels[i] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

double macro_f1(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels) {
  check_rows("macro_f1", predicted.size(), labels.size());
  std::int32_t most = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || predicted[i] < 0) fail(ErrorKind::argument, "macro_f1: a class is below 0");
    most = std::max({most, labels[i], predicted[i]});
  }
  struct Counts {
    double right = 0, named = 0;  // TP, and 2 TP + FP + FN
  };
  std::vector<Counts> classes(static_cast<std::size_t>(most) + 1);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    classes[static_cast<std::size_t>(labels[i])].named += 1;
    classes[static_cast<std::size_t>(predicted[i])].named += 1;
    if (labels[i] == predicted[i]) classes[static_cast<std::size_t>(labels[i])].right += 1;
  }
  double total = 0, count = 0;
  for (const Counts& one : classes) {
    if (one.named == 0) continue;
    total += 2 * one.right / one.named;
    count += 1;
  }
  return total / count;
}

double auc(std::span<const double> scores, std::span<const std::uint8_t> positive) {
  check_rows("auc", scores.size(), positive.size());
  for (double score : scores) {
    if (std::isnan(score)) return score;
  }
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  // Rows of one score share the mean of their ranks. Ranks count from 1; sums of halves are exact.
  double ranks = 0, positives = 0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    double here = 0;
    while (last < order.size() && !(scores[order[first]] < scores[order[last]])) {
      here += positive[order[last++]] != 0 ? 1 : 0;
    }
    ranks += here * (static_cast<double>(first + 1) + static_cast<double>(last)) / 2;
    positives += here;
    first = last;
  }
  const double others = static_cast<double>(scores.size()) - positives;
  if (positives == 0 || others == 0) return std::numeric_limits<double>::quiet_NaN();
  return (ranks - positives * (positives + 1) / 2) / (positives * others);
}

double auc_of_classes(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                      std::int64_t classes) {
  check_matrix("auc", probabilities.size(), labels.size(), classes);
  std::vector<double> scores(labels.size());
  std::vector<std::uint8_t> positive(labels.size());
  double total = 0, count = 0;
  for (std::int64_t k = classes == 2 ? 1 : 0; k < classes; ++k) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      scores[i] = probabilities[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(k)];
      positive[i] = labels[i] == k ? 1 : 0;
    }
    const double area = auc(scores, positive);
    if (std::isnan(area)) continue;
    total += area;
    count += 1;
  }
  return count == 0 ? std::numeric_limits<double>::quiet_NaN() : total / count;
}

double log_loss(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                std::int64_t classes) {
  check_matrix("log_loss", probabilities.size(), labels.size(), classes);
  double total = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes) {
      fail(ErrorKind::argument, "log_loss: label {} is out of range; expected 0 <= label < {}", labels[i],
           classes);
    }
    const double p =
        probabilities[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i])];
    total -= std::log(std::max(p, std::numeric_limits<double>::min()));
  }
  return total / static_cast<double>(labels.size());
}

std::vector<std::int32_t> most_probable(std::span<const double> probabilities, std::int64_t classes) {
  if (classes < 1) fail(ErrorKind::argument, "most_probable: {} classes; expected at least 1", classes);
  const auto width = static_cast<std::size_t>(classes);
  std::vector<std::int32_t> places;
  places.reserve(probabilities.size() / width);
  for (std::size_t at = 0; at + width <= probabilities.size(); at += width) {
    const auto row = probabilities.subspan(at, width);
    places.push_back(static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin()));
  }
  return places;
}

double r2(std::span<const double> predicted, std::span<const double> targets, std::int64_t width) {
  return mean_over_targets("r2", predicted, targets, width, [](auto y, auto t, std::size_t rows) {
    double mean = 0, residual = 0, total = 0;
    for (std::size_t i = 0; i < rows; ++i) mean += t(i) / static_cast<double>(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      residual += (t(i) - y(i)) * (t(i) - y(i));
      total += (t(i) - mean) * (t(i) - mean);
    }
    if (total == 0) return residual == 0 ? 1.0 : 0.0;
    return 1 - residual / total;
  });
}

double mean_absolute_error(std::span<const double> predicted, std::span<const double> targets,
                           std::int64_t width) {
  return mean_over_targets("mean_absolute_error", predicted, targets, width,
                           [](auto y, auto t, std::size_t rows) {
                             double total = 0;
                             for (std::size_t i = 0; i < rows; ++i) total += std::abs(y(i) - t(i));
                             return total / static_cast<double>(rows);
                           });
}

double mean_absolute_percentage_error(std::span<const double> predicted, std::span<const double> targets,
                                      std::int64_t width) {
  return mean_over_targets("mean_absolute_percentage_error", predicted, targets, width,
                           [](auto y, auto t, std::size_t rows) {
                             double total = 0, count = 0;
                             for (std::size_t i = 0; i < rows; ++i) {
                               if (t(i) == 0) continue;
                               total += std::abs((y(i) - t(i)) / t(i));
                               count += 1;
                             }
                             return count == 0 ? std::numeric_limits<double>::quiet_NaN() : total / count;
                           });
}

double root_mean_squared_error(std::span<const double> predicted, std::span<const double> targets,
                               std::int64_t width) {
  return mean_over_targets("root_mean_squared_error", predicted, targets, width,
                           [](auto y, auto t, std::size_t rows) {
                             double total = 0;
                             for (std::size_t i = 0; i < rows; ++i) total += (y(i) - t(i)) * (y(i) - t(i));
                             return std::sqrt(total / static_cast<double>(rows));
                           });
}

}  // namespace retrograd::train
