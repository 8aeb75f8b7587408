// What the training part says without inputs, and how a model file keeps it.
#include <algorithm>
#include <charconv>
#include <numeric>

#include "core/call_text.h"
#include "core/fail.h"
#include "train/evaluator.h"
#include "train/reconstruction.h"

namespace retrograd::train {
namespace {

// Of each input, as the network sees it.
std::vector<double> input_means(const data::Dataset& training) {
  const auto width = static_cast<std::size_t>(training.target_width());
  std::vector<double> means(width);
  std::vector<float> inputs;
  std::vector<std::int64_t> rows;
  for (std::int64_t first = 0; first < training.rows(); first += rows_at_once(training)) {
    rows.resize(static_cast<std::size_t>(std::min(training.rows() - first, rows_at_once(training))));
    std::iota(rows.begin(), rows.end(), first);
    inputs.resize(rows.size() * width);
    training.copy_inputs(rows, inputs.data());
    for (std::size_t i = 0; i < inputs.size(); ++i) means[i % width] += inputs[i];
  }
  for (double& mean : means) mean /= static_cast<double>(training.rows());
  return means;
}

}  // namespace

Baseline baseline_of(const data::Dataset& training, const data::Encoder& encoder) {
  Baseline baseline;
  if (training.rows() == 0) return baseline;
  if (training.task() == data::Task::classification) {
    const std::vector<std::int64_t> counts = training.class_counts();
    baseline.majority =
        static_cast<std::int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    return baseline;
  }
  if (training.task() == data::Task::multi_label) {
    for (const std::int64_t count : training.class_counts()) {
      baseline.means.push_back(static_cast<double>(count) / static_cast<double>(training.rows()));
    }
    return baseline;
  }
  if (training.task() == data::Task::reconstruction) {
    baseline.means = input_means(training);
    return baseline;
  }
  for (std::int64_t j = 0; j < training.target_width(); ++j) {
    double total = 0;
    for (std::int64_t row = 0; row < training.rows(); ++row) {
      total += encoder.in_units(training.target(row, j), static_cast<std::size_t>(j));
    }
    baseline.means.push_back(total / static_cast<double>(training.rows()));
  }
  return baseline;
}

void put_baseline(const Baseline& baseline, std::map<std::string, std::string>& metadata) {
  if (baseline.majority >= 0) metadata["majority"] = std::to_string(baseline.majority);
  if (!baseline.means.empty()) metadata["means"] = fmt::format("{}", fmt::join(baseline.means, ", "));
}

Baseline baseline_in(const std::map<std::string, std::string>& metadata) {
  Baseline baseline;
  if (const auto found = metadata.find("majority"); found != metadata.end()) {
    baseline.majority = static_cast<std::int32_t>(parse_number("majority", found->second));
  }
  if (const auto found = metadata.find("means"); found != metadata.end()) {
    for (const std::string& part : split_text(found->second, ',')) {
      baseline.means.push_back(parse_number("means", part));
    }
  }
  return baseline;
}

}  // namespace retrograd::train
