// Accuracies on MNIST beside a published one.
#include "cli/reproduce/accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/reproduce/statistics.h"
#include "cli/reproduce/training.h"

namespace cli::reproduce {
namespace {

// Percent; 0 for a training that has no epoch.
double figure_of(const Json& outcome, Reported reported) {
  double best = -1, figure = 0;
  for (const Json& point : outcome.at("curve")) {
    const double validation = point.at(1).get<double>(), test = point.at(2).get<double>();
    const double deciding = reported == Reported::best_test ? test : validation;
    if (deciding < best) continue;
    best = deciding;
    figure = reported == Reported::best_validation ? validation : test;
  }
  return figure;
}

}  // namespace

Finding conclude_accuracy(std::span<const Json> outcomes, Reported reported, double published) {
  std::vector<double> values;
  for (const Json& outcome : outcomes) values.push_back(figure_of(outcome, reported));
  const double middle = median(values), low = percentile(values, 0), high = percentile(values, 1);
  const std::string cut = unfinished(outcomes);
  Finding finding;
  finding.measured = values.size() == 1 ? fmt::format("{:.2f} %", middle)
                                        : fmt::format("{:.2f} % (median of {}, {:.2f} to {:.2f})", middle,
                                                      values.size(), low, high);
  if (!cut.empty()) finding.measured += fmt::format(", after {}", cut);
  // The deviation of an accuracy p measured on 10,000 images is sqrt(p (1 - p) / 10000): 0.21 % at 95.4 %,
  // 0.14 % at 98 %. Two figures, each with its own first weights, may differ by twice that.
  const double p = published / 100;
  const double allowed = 2 * 100 * std::sqrt(p * (1 - p) / 10000);
  finding.reproduced = middle >= published - allowed;
  finding.verdict = finding.reproduced
                        ? fmt::format("{:+.2f} against the published figure", middle - published)
                        : fmt::format("{:.2f} below the published figure", published - middle);
  if (!cut.empty()) finding.verdict += "; the time that was given ended the training";
  const bool validation = reported == Reported::best_validation;
  finding.charts.push_back({"accuracy",
                            validation ? "Accuracy on the validation images" : "Accuracy on the test images",
                            "epoch", "%", figures_of(outcomes, validation ? 1 : 2)});
  return finding;
}

}  // namespace cli::reproduce
