// The figures of a network that gives several labels a row.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/evaluator.h"

namespace retrograd::train {
namespace {

// The answers that look at no input, what most rows of the training part have, for `rows` rows.
std::vector<std::uint8_t> common_labels(const Baseline& baseline, std::int64_t rows) {
  const std::vector<std::uint8_t> row = probable_labels(baseline.means);
  std::vector<std::uint8_t> all;
  for (std::int64_t i = 0; i < rows; ++i) all.insert(all.end(), row.begin(), row.end());
  return all;
}

// The mean over the labels for which it is known.
template <typename F>
double mean_over(const std::vector<LabelFigures>& labels, F figure) {
  double total = 0, count = 0;
  for (const LabelFigures& label : labels) {
    const double value = figure(label);
    if (std::isnan(value)) continue;
    total += value;
    count += 1;
  }
  return count == 0 ? not_known : total / count;
}

}  // namespace

std::vector<std::uint8_t> truth_of(const data::Dataset& dataset) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(dataset.rows()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  std::vector<float> targets(rows.size() * static_cast<std::size_t>(dataset.target_width()));
  dataset.copy_targets(rows, targets.data());
  return {targets.begin(), targets.end()};
}

void add_label_figures(const data::Dataset& dataset, const std::vector<double>& probabilities,
                       const Baseline& baseline, Figures& figures) {
  const std::int64_t width = dataset.target_width();
  const std::vector<std::uint8_t> truth = truth_of(dataset);
  const std::vector<std::uint8_t> predicted = probable_labels(probabilities);
  figures.accuracy = label_accuracy(predicted, truth);
  figures.subset_accuracy = subset_accuracy(predicted, truth, width);
  figures.micro_f1 = micro_f1(predicted, truth);
  figures.log_loss = log_loss_of_labels(probabilities, truth, width);
  figures.labels = figures_of_labels(probabilities, truth, width);
  for (std::size_t j = 0; j < figures.labels.size(); ++j) figures.labels[j].name = dataset.classes()[j];
  const auto named = [&](double LabelFigures::*figure) {
    return mean_over(figures.labels, [figure](const LabelFigures& label) {
      return label.rows + label.predicted == 0 ? not_known : label.*figure;
    });
  };
  figures.f1 = named(&LabelFigures::f1);
  figures.precision = named(&LabelFigures::precision);
  figures.recall = named(&LabelFigures::recall);
  figures.auc = mean_over(figures.labels, [](const LabelFigures& label) { return label.auc; });
  if (baseline.means.size() != static_cast<std::size_t>(width)) return;
  const std::vector<std::uint8_t> common = common_labels(baseline, dataset.rows());
  figures.baseline_accuracy = label_accuracy(common, truth);
  figures.baseline_subset_accuracy = subset_accuracy(common, truth, width);
}

}  // namespace retrograd::train
