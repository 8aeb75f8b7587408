// Figures of merit of predictions. The figures of a trained network are in <retrograd/train.h>.
//
// Throws Error(argument) where sizes do not fit or there are no rows. N rows, K classes, M targets; matrices
// are row-major.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retrograd::train {

// The share of rows whose prediction is the label. predicted [N], labels [N].
double accuracy(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels);

// The mean of F1 = 2 TP / (2 TP + FP + FN) over the classes that labels or predictions name.
double macro_f1(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels);

// counts [K, K]: rows are labels, columns predictions.
std::vector<std::int64_t> confusion_matrix(std::span<const std::int32_t> predicted,
                                           std::span<const std::int32_t> labels, std::int64_t classes);

// The mean over the same classes of precision TP / (TP + FP) and of recall TP / (TP + FN), 0 where nothing is
// there to divide by.
double macro_precision(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels);
double macro_recall(std::span<const std::int32_t> predicted, std::span<const std::int32_t> labels);

// Area under the ROC curve: the share of pairs (one positive row, one other) in which the positive row has
// the larger score, ties counting one half. scores [N], positive [N]: not 0 where the row is positive. NaN
// where all rows are positive or none is. Hanley and McNeil 1982.
double auc(std::span<const double> scores, std::span<const std::uint8_t> positive);

// probabilities [N, K], labels [N]. Of two classes the auc() of class 1; of more the mean over the classes,
// each against the rest, that have rows of both kinds (NaN where none has).
double auc_of_classes(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                      std::int64_t classes);

// The mean of -log p(label), p no smaller than the least double.
double log_loss(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                std::int64_t classes);

// The share of rows whose label is among the k largest probabilities [N, K], the first of equal ones before.
double top_k_accuracy(std::span<const double> probabilities, std::span<const std::int32_t> labels,
                      std::int64_t classes, std::int64_t k);

// How far probabilities can be trusted: rows by the probability p of their prediction, in `bins` bins of
// equal width, lower < p <= upper.
struct ReliabilityBin {
  std::int64_t rows = 0;
  double confidence = 0;  // the mean of p
  double accuracy = 0;    // the share of right rows
};
std::vector<ReliabilityBin> reliability(std::span<const double> probabilities,
                                        std::span<const std::int32_t> labels, std::int64_t classes,
                                        std::int64_t bins = 10);
// The mean over rows of |accuracy - confidence| of their bin. Naeini, Cooper and Hauskrecht 2015; Guo et al.
// 2017.
double expected_calibration_error(std::span<const ReliabilityBin> bins);

// The place of the largest of K numbers in each row, the first of equal ones: [N].
std::vector<std::int32_t> most_probable(std::span<const double> probabilities, std::int64_t classes);

// predicted [N, M], targets [N, M]; each figure is the mean over the M targets.

// 1 - sum (t - y)^2 / sum (t - mean t)^2; of constant targets 1 where they are met, else 0.
double r2(std::span<const double> predicted, std::span<const double> targets, std::int64_t width = 1);
// The mean of |y - t|.
double mean_absolute_error(std::span<const double> predicted, std::span<const double> targets,
                           std::int64_t width = 1);
// The mean of |y - t| / |t| over rows with t != 0; NaN where none is.
double mean_absolute_percentage_error(std::span<const double> predicted, std::span<const double> targets,
                                      std::int64_t width = 1);
// sqrt of the mean of (y - t)^2.
double root_mean_squared_error(std::span<const double> predicted, std::span<const double> targets,
                               std::int64_t width = 1);

}  // namespace retrograd::train
