// Figures of merit of predictions. The figures of a trained network are in <retrograd/train.h>.
//
// Throws Error(argument) where sizes do not fit or there are no rows. N rows, K classes, M targets; matrices
// are row-major.
#pragma once

#include <cstdint>
#include <span>
#include <string>
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

// Several labels a row. predicted [N, L] and truth [N, L] are not 0 where a row has the label, row-major.

// 1 where a label is more probable than not, p > 1/2.
std::vector<std::uint8_t> probable_labels(std::span<const double> probabilities);
// The share of all N L answers, has or has not, that are right (Hamming).
double label_accuracy(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth);
// The share of rows whose L answers are all right.
double subset_accuracy(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth,
                       std::int64_t labels);
// 2 TP / (2 TP + FP + FN) of all answers together; NaN where no row has a label, nor is said to.
double micro_f1(std::span<const std::uint8_t> predicted, std::span<const std::uint8_t> truth);

// One label beside the others. Precision, recall and F1 are 0 where nothing is there to divide by.
struct LabelFigures {
  std::string name = {};
  std::int64_t rows = 0;       // that have it
  std::int64_t predicted = 0;  // that are said to have it
  std::int64_t right = 0;      // of those that have it
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  double auc = 0;  // NaN where all rows have it or none has
};
// probabilities [N, L], truth [N, L] -> [L], without names.
std::vector<LabelFigures> figures_of_labels(std::span<const double> probabilities,
                                            std::span<const std::uint8_t> truth, std::int64_t labels);
// The mean over the rows of -sum_j log p(answer j is right), p no smaller than the least double.
double log_loss_of_labels(std::span<const double> probabilities, std::span<const std::uint8_t> truth,
                          std::int64_t labels);

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
