// Findings from a network's answers to one part of the data.
#include "cli/report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace cli::report {
namespace {

namespace rg = retrograd;

constexpr std::size_t bin_count = 10;
constexpr std::size_t worst_count = 12;

std::vector<std::int32_t> labels_of(const rg::data::Dataset& dataset) {
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < dataset.rows(); ++row) labels.push_back(dataset.label(row));
  return labels;
}

ClassFigures figures_of(const Classes& classes, std::size_t k) {
  const std::size_t count = classes.names.size();
  ClassFigures figures{.name = classes.names[k], .right = classes.confusion[k * count + k]};
  for (std::size_t j = 0; j < count; ++j) {
    figures.rows += classes.confusion[k * count + j];
    figures.predicted += classes.confusion[j * count + k];
  }
  const auto share = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  figures.precision = share(figures.right, figures.predicted);
  figures.recall = share(figures.right, figures.rows);
  figures.f1 = share(2 * figures.right, figures.rows + figures.predicted);
  return figures;
}

// Of two classes the probability of the second, else that of the predicted class.
void calibrate(Classes& classes, std::span<const double> probabilities, std::span<const std::int32_t> labels,
               std::span<const std::int32_t> predicted) {
  const std::size_t count = classes.names.size();
  const bool two = count == 2;
  classes.calibrated = two ? classes.names[1] : "the predicted class";
  classes.bins.resize(bin_count);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int32_t told = two ? 1 : predicted[i];
    const double p = probabilities[i * count + static_cast<std::size_t>(told)];
    const auto place = std::min(bin_count - 1, static_cast<std::size_t>(p * bin_count));
    classes.bins[place].rows += 1;
    classes.bins[place].probability += p;
    classes.bins[place].share += labels[i] == told ? 1 : 0;
  }
  for (std::size_t b = 0; b < bin_count; ++b) {
    CalibrationBin& bin = classes.bins[b];
    bin.low = static_cast<double>(b) / bin_count;
    bin.high = static_cast<double>(b + 1) / bin_count;
    if (bin.rows == 0) continue;
    const auto rows = static_cast<double>(bin.rows);
    classes.calibration_error += std::abs(bin.probability - bin.share) / static_cast<double>(labels.size());
    bin.probability /= rows;
    bin.share /= rows;
  }
}

// The places of the largest `errors`, the largest first; of equal ones the earlier.
std::vector<std::size_t> largest(const std::vector<double>& errors) {
  std::vector<std::size_t> order(errors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto kept = std::min(worst_count, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
      [&](std::size_t a, std::size_t b) { return errors[a] != errors[b] ? errors[a] > errors[b] : a < b; });
  order.resize(kept);
  return order;
}

void find_classes(Findings& findings, const std::vector<std::string>& names,
                  std::span<const double> probabilities, const rg::data::Dataset& training) {
  const std::size_t count = names.size();
  const std::vector<std::int32_t> labels = labels_of(findings.dataset);
  const auto predicted = rg::train::most_probable(probabilities, static_cast<std::int64_t>(count));
  Classes classes{.names = names, .confusion = std::vector<std::size_t>(count * count)};
  std::vector<double> errors;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto truth = static_cast<std::size_t>(labels[i]);
    classes.confusion[truth * count + static_cast<std::size_t>(predicted[i])] += 1;
    errors.push_back(
        -std::log(std::max(probabilities[i * count + truth], std::numeric_limits<double>::min())));
  }
  for (std::size_t k = 0; k < count; ++k) classes.figures.push_back(figures_of(classes, k));
  calibrate(classes, probabilities, labels, predicted);
  for (const std::size_t i : largest(errors)) {
    const auto told = static_cast<std::size_t>(predicted[i]);
    findings.worst.push_back({.row = static_cast<std::int64_t>(i),
                              .truth = names[static_cast<std::size_t>(labels[i])],
                              .predicted = names[told],
                              .probability = probabilities[i * count + told],
                              .error = errors[i]});
  }
  const std::vector<std::int64_t> counts = training.class_counts();
  const auto most =
      static_cast<std::int32_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  findings.baseline =
      Baseline{.what = fmt::format("always {}", names[static_cast<std::size_t>(most)]),
               .accuracy = static_cast<double>(std::count(labels.begin(), labels.end(), most)) /
                           static_cast<double>(labels.size())};
  findings.classes = std::move(classes);
}

std::string joined(const std::vector<std::string>& names, std::span<const std::uint8_t> has) {
  std::string text;
  for (std::size_t j = 0; j < names.size(); ++j) {
    if (has[j] != 0) text += (text.empty() ? "" : "|") + names[j];
  }
  return text;
}

// The error of a row is -log of the probability of all its answers, each for itself.
void find_labels(Findings& findings, const std::vector<std::string>& names,
                 std::span<const double> probabilities, const rg::data::Dataset& training) {
  const auto width = static_cast<std::int64_t>(names.size());
  const std::size_t rows = probabilities.size() / names.size();
  std::vector<std::uint8_t> truth, most;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < width; ++j) {
      truth.push_back(findings.dataset.target(static_cast<std::int64_t>(i), j) > 0.5f ? 1 : 0);
    }
  }
  const std::vector<std::uint8_t> predicted = rg::train::probable_labels(probabilities);
  findings.labels = Labels{names, rg::train::figures_of_labels(probabilities, truth, width)};
  const auto row_of = [&](const auto& all, std::size_t row) {
    return std::span(all).subspan(row * names.size(), names.size());
  };
  std::vector<double> errors;
  for (std::size_t i = 0; i < rows; ++i) {
    errors.push_back(rg::train::log_loss_of_labels(row_of(probabilities, i), row_of(truth, i), width));
  }
  for (const std::size_t i : largest(errors)) {
    findings.worst.push_back({.row = static_cast<std::int64_t>(i),
                              .truth = joined(names, row_of(truth, i)),
                              .predicted = joined(names, row_of(predicted, i)),
                              .probability = std::exp(-rg::train::log_loss_of_labels(
                                  row_of(probabilities, i), row_of(predicted, i), width)),
                              .error = errors[i]});
  }
  const std::vector<std::int64_t> counts = training.class_counts();
  for (std::size_t i = 0; i < rows; ++i) {
    for (const std::int64_t count : counts) most.push_back(2 * count > training.rows() ? 1 : 0);
  }
  findings.baseline = Baseline{.what = "of each label what most rows have",
                               .accuracy = rg::train::label_accuracy(most, truth),
                               .subset_accuracy = rg::train::subset_accuracy(most, truth, width)};
}

std::string joined(const std::vector<Numbers>& numbers, std::size_t row, bool truth) {
  std::string text;
  for (const Numbers& one : numbers) {
    text += fmt::format("{}{:.5g}", text.empty() ? "" : ", ", truth ? one.truth[row] : one.predicted[row]);
  }
  return text;
}

void find_numbers(Findings& findings, const rg::data::Encoder& encoder, std::span<const double> answers,
                  const rg::data::Dataset& training) {
  const std::size_t width = encoder.targets().size();
  const auto rows = static_cast<std::size_t>(findings.dataset.rows());
  std::vector<double> truths, means, errors(rows);
  for (std::size_t j = 0; j < width; ++j) {
    const auto column = static_cast<std::int64_t>(j);
    Numbers numbers{.name = encoder.targets()[j].name, .truth = {}, .predicted = {}};
    for (std::size_t i = 0; i < rows; ++i) {
      const auto row = static_cast<std::int64_t>(i);
      const double off = answers[i * width + j];
      numbers.truth.push_back(encoder.in_units(findings.dataset.target(row, column), j));
      numbers.predicted.push_back(off);
      // In deviations of the target, so that targets of several units can be added.
      const double deviation = encoder.targets()[j].deviation > 0 ? encoder.targets()[j].deviation : 1;
      errors[i] += std::pow((off - numbers.truth.back()) / deviation, 2);
    }
    double mean = 0;
    for (std::int64_t row = 0; row < training.rows(); ++row) mean += training.target(row, column);
    means.push_back(
        encoder.in_units(mean / static_cast<double>(std::max<std::int64_t>(training.rows(), 1)), j));
    findings.numbers.push_back(std::move(numbers));
  }
  std::vector<double> constant;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < width; ++j) truths.push_back(findings.numbers[j].truth[i]);
    constant.insert(constant.end(), means.begin(), means.end());
  }
  const auto columns = static_cast<std::int64_t>(width);
  findings.baseline = Baseline{.what = "always the mean",
                               .r2 = rg::train::r2(constant, truths, columns),
                               .mae = rg::train::mean_absolute_error(constant, truths, columns),
                               .rmse = rg::train::root_mean_squared_error(constant, truths, columns)};
  for (const std::size_t i : largest(errors)) {
    findings.worst.push_back({.row = static_cast<std::int64_t>(i),
                              .truth = joined(findings.numbers, i, true),
                              .predicted = joined(findings.numbers, i, false),
                              .error = findings.numbers[0].predicted[i] - findings.numbers[0].truth[i]});
  }
}

// The inputs of a row that are farthest off: names, with what they are and what is given back.
std::string farthest(const rg::data::Encoder& encoder, std::span<const float> inputs,
                     std::span<const double> outputs) {
  constexpr std::size_t most = 3;
  const std::vector<std::string> names = encoder.input_names();
  if (names.size() != inputs.size()) return "";
  const std::vector<rg::data::Encoder::Units> units = encoder.input_units();
  std::vector<std::size_t> order(inputs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto off = [&](std::size_t j) { return std::abs(outputs[j] - static_cast<double>(inputs[j])); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return off(a) > off(b); });
  std::string text;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    const std::size_t j = order[i];
    const auto in_units = [&](double value) { return units[j].offset + units[j].scale * value; };
    text += fmt::format("{}{}: {:.4g} given back as {:.4g}", text.empty() ? "" : "; ", names[j],
                        in_units(static_cast<double>(inputs[j])), in_units(outputs[j]));
  }
  return text;
}

void find_reconstruction(Findings& findings, rg::train::Predictor& predictor) {
  const std::vector<double> errors = predictor.errors(findings.dataset);
  for (const std::size_t i : largest(errors)) {
    const auto row = static_cast<std::int64_t>(i);
    std::vector<double> outputs = predictor.predict(findings.dataset.slice(row, row + 1));
    std::vector<float> inputs(outputs.size());
    findings.dataset.copy_inputs(std::span(&row, 1), inputs.data());
    findings.worst.push_back({.row = row,
                              .truth = farthest(predictor.encoder(), inputs, outputs),
                              .predicted = {},
                              .error = errors[i],
                              .outputs = std::move(outputs)});
  }
  // 1 - r2 is a sum of squares over one that both have.
  const rg::train::Figures figures = predictor.evaluate(findings.dataset);
  const double ratio = figures.baseline_rmse / figures.rmse;
  findings.baseline = Baseline{.what = "always the mean of each input",
                               .r2 = 1 - ratio * ratio * (1 - figures.r2),
                               .mae = figures.baseline_mae,
                               .rmse = figures.baseline_rmse};
  findings.reconstruction = Reconstruction{errors};
  std::sort(findings.reconstruction->errors.begin(), findings.reconstruction->errors.end());
}

}  // namespace

double Reconstruction::quantile(double share) const {
  const auto count = static_cast<double>(errors.size());
  const auto place = static_cast<std::size_t>(std::ceil(share * count - 1e-9)) - 1;
  return errors[std::min(place, errors.size() - 1)];
}

Findings find(rg::train::Predictor& predictor, const rg::data::Parts& parts) {
  Findings findings;
  findings.part = parts.test.rows() > 0 ? "test" : parts.validation.rows() > 0 ? "validation" : "training";
  findings.dataset = parts.test.rows() > 0         ? parts.test
                     : parts.validation.rows() > 0 ? parts.validation
                                                   : parts.train;
  if (findings.dataset.task() == rg::data::Task::reconstruction) {
    find_reconstruction(findings, predictor);
    return findings;
  }
  const std::vector<double> answers = predictor.predict(findings.dataset);
  if (findings.dataset.task() == rg::data::Task::classification) {
    find_classes(findings, predictor.encoder().classes(), answers, parts.train);
  } else if (findings.dataset.task() == rg::data::Task::multi_label) {
    find_labels(findings, predictor.encoder().classes(), answers, parts.train);
  } else {
    find_numbers(findings, predictor.encoder(), answers, parts.train);
  }
  return findings;
}

}  // namespace cli::report
