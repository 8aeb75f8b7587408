// What a report tells of a trained network beside its figures: which classes it mistakes, how far its
// probabilities can be trusted, the rows that it gets most wrong. Drawing it is in page.h and terminal.h.
#pragma once

#include <retrograd/train.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cli::report {

struct ClassFigures {
  std::string name;
  std::size_t rows = 0;       // of the class
  std::size_t predicted = 0;  // rows that the network takes for it
  std::size_t right = 0;
  double precision = 0;  // 0 where nothing is predicted
  double recall = 0;
  double f1 = 0;
};

// Rows whose probability lies in low <= p < high.
struct CalibrationBin {
  double low = 0, high = 0;
  std::size_t rows = 0;
  double probability = 0;  // the mean
  double share = 0;        // of them in which it came true
};

struct Classes {
  std::vector<std::string> names;      // K
  std::vector<std::size_t> confusion;  // [K, K]: rows are the truth, columns the prediction
  std::vector<ClassFigures> figures;   // K
  std::vector<CalibrationBin> bins;
  std::string calibrated;        // whose probability the bins tell of
  double calibration_error = 0;  // mean over the rows of |probability - share| of their bin
};

// One target of regression, in its units.
struct Numbers {
  std::string name;
  std::vector<double> truth, predicted;
};

// Several labels a row.
struct Labels {
  std::vector<std::string> names;
  std::vector<retrograd::train::LabelFigures> figures;
};

// Rows that are given back: Predictor::errors of each, in order of size.
struct Reconstruction {
  std::vector<double> errors;
  // What this share of the rows does not exceed. Shares above 0, at most 1.
  double quantile(double share) const;
};
// Shares of which a report tells the quantile.
inline constexpr double told_shares[] = {0.5, 0.9, 0.95, 0.99, 1};

struct WorstRow {
  std::int64_t row = 0;  // of the part
  std::string truth, predicted;
  double probability = 0;       // of the prediction; of classes and labels
  double error = 0;             // -log p(truth), predicted - truth, or Predictor::errors
  std::vector<double> outputs;  // of reconstruction: the inputs given back, as the network sees them
};

// What needs no network: always the most frequent class, of each label what most rows have, or the mean, of
// the training part.
struct Baseline {
  std::string what;
  double accuracy = retrograd::train::not_known, subset_accuracy = retrograd::train::not_known;
  double r2 = retrograd::train::not_known, mae = retrograd::train::not_known,
         rmse = retrograd::train::not_known;
};

struct Findings {
  std::string part;                  // "test", or without test rows "validation" or "training"
  retrograd::data::Dataset dataset;  // of the part
  std::optional<Classes> classes;
  std::optional<Labels> labels;
  std::vector<Numbers> numbers;
  std::optional<Reconstruction> reconstruction;
  std::optional<Baseline> baseline;
  std::vector<WorstRow> worst;  // the worst first
};

Findings find(retrograd::train::Predictor& predictor, const retrograd::data::Parts& parts);

}  // namespace cli::report
