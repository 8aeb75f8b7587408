// The learning rate test.
#include <retrograd/random.h>
#include <retrograd/rate_test.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/fail.h"
#include "data/random.h"
#include "train/batch_buffer.h"
#include "train/evaluator.h"
#include "train/options.h"
#include "train/parameter_groups.h"
#include "train/training_step.h"

namespace retrograd::train {
namespace {

constexpr double decades_of_smoothing = 0.15;  // the Gaussian's deviation
constexpr double memory = 0.9;                 // of the running mean that tells an explosion
constexpr double explosion = 4;
constexpr std::size_t calm_steps = 10;   // before which nothing explodes
constexpr double least_fall = 0.05;      // of the loss before it, that is worth a suggestion
constexpr double least_errors = 4;       // that the fall has to be large
constexpr std::size_t least_level = 10;  // steps whose mean is a level

Options constant_rate(Options options) {
  options.schedule = "constant";
  options.warmup = 0;
  options.average = 0;
  options.accumulate = 1;
  return options;
}

// What a step takes, in the order in which it is made.
class Steps {
 public:
  Steps(nn::Sequential model, const data::Parts& parts, const Options& given)
      : model_(std::move(model)),
        train_(parts.train),
        options_(completed(constant_rate(given), parts)),
        loss_(make_loss(options_, train_)),
        optimizer_(make_optimizer(options_, train_.rows())),
        generator_(options_.seed),
        augmentation_(data::parse_augmentation(options_.augment)),
        batch_(train_, options_.batch) {
    check_output(model_, loss_, train_);
    freeze(options_.freeze, model_);
    if (!optimizer_) {
      fail(ErrorKind::argument, "optimizer: {} has no learning rate to test", options_.optimizer);
    }
    set_rates(options_.rates, model_, *optimizer_);
    optimizer_->prepare(model_.parameters());
    step_.emplace(StepParts{.model = &model_,
                            .loss = &loss_,
                            .optimizer = optimizer_.get(),
                            .accumulation = nullptr,
                            .average = nullptr,
                            .generator = &generator_,
                            .carried = nullptr,
                            .l1 = options_.l1 / static_cast<double>(train_.rows()),
                            .l2 = options_.l2 / static_cast<double>(train_.rows()),
                            .precision = options_.precision});
  }

  // The next batch and its loss before its update with this rate. Throws Error(diverged).
  RatePoint operator()(double rate) {
    if (first_ >= train_.rows()) {
      first_ = 0;
      ++epoch_;
    }
    if (first_ == 0) {
      data::make_order(options_.seed, epoch_, train_.rows(), order_);
      if (!options_.shuffle) std::iota(order_.begin(), order_.end(), std::int64_t{0});
    }
    const std::int64_t count = std::min(options_.batch, train_.rows() - first_);
    const auto rows =
        std::span(order_).subspan(static_cast<std::size_t>(first_), static_cast<std::size_t>(count));
    batch_.fill(train_, rows);
    batch_.augment(augmentation_, options_.seed, epoch_, rows);
    first_ += count;
    optimizer_->set_learning_rate(rate);
    return {.rate = rate, .loss = (*step_)(batch_, false).loss, .rows = count};
  }

 private:
  nn::Sequential model_;
  data::Dataset train_;
  Options options_;
  nn::Loss loss_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  Generator generator_;
  data::Augmentation augmentation_;
  BatchBuffer batch_;
  std::optional<TrainingStep> step_;
  std::vector<std::int64_t> order_;
  std::int64_t epoch_ = 0;
  std::int64_t first_ = 0;  // row of the order
};

// Tells when the loss explodes.
class Explosion {
 public:
  bool operator()(double loss) {
    if (seen_ == 0) start_ = loss;
    mean_ = memory * mean_ + (1 - memory) * loss;
    ++seen_;
    const double unbiased = mean_ / (1 - std::pow(memory, static_cast<double>(seen_)));
    if (!std::isfinite(unbiased)) return true;
    least_ = std::min(least_, unbiased);
    return seen_ > calm_steps && unbiased > explosion * least_ && unbiased > start_;
  }

 private:
  double start_ = 0, mean_ = 0;
  double least_ = std::numeric_limits<double>::infinity();
  std::size_t seen_ = 0;
};

// The variance of the loss of one row, so that the mean of n rows has 1/n of it: by the differences of
// neighbours among the first `count` points, which hold little of a fall.
double variance_of_row(const std::vector<RatePoint>& points, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const double difference = points[i + 1].loss - points[i].loss;
    const double rows = static_cast<double>(points[i].rows), next = static_cast<double>(points[i + 1].rows);
    sum += difference * difference / (1 / rows + 1 / next);
  }
  return count < 2 ? 0 : sum / static_cast<double>(count - 1);
}

// Smooths all losses. Gives the variance of each smoothed one, that of a row being 1.
std::vector<double> smooth(std::vector<RatePoint>& points, double steps_per_decade) {
  const double deviation = std::max(decades_of_smoothing * steps_per_decade, 0.5);
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * deviation));
  const auto count = static_cast<std::ptrdiff_t>(points.size());
  std::vector<double> variances;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double sum = 0, weights = 0, squares = 0;
    for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(i - reach, 0); j < std::min(i + reach + 1, count); ++j) {
      const RatePoint& point = points[static_cast<std::size_t>(j)];
      const double z = static_cast<double>(j - i) / deviation, gaussian = std::exp(-z * z / 2);
      const double weight = gaussian * static_cast<double>(point.rows);
      sum += weight * point.loss;
      weights += weight;
      squares += gaussian * weight;
    }
    points[static_cast<std::size_t>(i)].smoothed = sum / weights;
    variances.push_back(squares / (weights * weights));
  }
  return variances;
}

// A level of the loss before its fall, and how many standard errors the fall from it is.
struct Fall {
  double level;
  double errors = 0;
};

// Of the means over the first points before `least` the one from which the fall is the clearest: few of them
// tell it badly, and of many the last have fallen themselves. `of_row` and `of_least` are variances.
Fall clearest_fall(const std::vector<RatePoint>& points, std::size_t least, double of_row, double of_least) {
  Fall found{points.front().smoothed};
  double sum = 0, rows = 0;
  for (std::size_t i = 0; i < least; ++i) {
    sum += points[i].loss * static_cast<double>(points[i].rows);
    rows += static_cast<double>(points[i].rows);
    if (i + 1 < least_level) continue;
    const double errors = (sum / rows - points[least].smoothed) / std::sqrt(of_row / rows + of_least);
    if (errors > found.errors) found = {sum / rows, errors};
  }
  return found;
}

// Among the rates up to the least loss.
void suggest_rate(RateTest& test, const std::vector<double>& variances) {
  const std::vector<RatePoint>& points = test.points;
  if (points.size() < least_level) {
    test.reason = "The loss explodes at once; begin with a lower rate.";
    return;
  }
  const auto least = std::min_element(points.begin(), points.end(),
                                      [](const auto& a, const auto& b) { return a.smoothed < b.smoothed; });
  const auto place = static_cast<std::size_t>(least - points.begin());
  double fall = 0;
  for (std::size_t i = 1; i + 1 < points.size() && i <= place; ++i) {
    const double here = points[i - 1].smoothed - points[i + 1].smoothed;
    if (here > fall) fall = here, test.steepest = points[i].rate;
  }
  test.least = least->rate;
  const double of_row =
      variance_of_row(points, std::max(place + 1, std::min(points.size(), 2 * least_level)));
  const double of_least = of_row * variances[place];
  test.noise = std::sqrt(of_least);
  const Fall whole = clearest_fall(points, place, of_row, of_least);
  test.before = whole.level;
  if (!(whole.level - least->smoothed > least_fall * std::abs(whole.level))) {
    test.reason = "The loss falls at none of these rates.";
  } else if (!(whole.errors > least_errors)) {
    test.reason = fmt::format(
        "The loss goes from {:.3g} to {:.3g} at its least, which may be chance: single batches scatter by "
        "{:.2g}. "
        "Take other rates, more steps or larger batches.",
        whole.level, least->smoothed, std::sqrt(of_row / static_cast<double>(points.front().rows)));
  } else {
    test.suggested = least->rate / 5;
  }
}

}  // namespace

RateTest test_rates(nn::Sequential model, const data::Parts& parts, const Options& options,
                    const RateTestOptions& test, Observer* observer) {
  if (!(test.first > 0 && test.first < test.last && std::isfinite(test.last))) {
    fail(ErrorKind::argument, "the rates go from {} to {}; expected 0 < first < last", test.first, test.last);
  }
  if (test.steps < 20) fail(ErrorKind::argument, "steps is {}; expected at least 20", test.steps);
  Steps steps(std::move(model), parts, options);
  const double factor = std::log(test.last / test.first) / static_cast<double>(test.steps - 1);
  Explosion explodes;
  RateTest result;
  for (std::int64_t step = 0; step < test.steps && !result.exploded; ++step) {
    if (observer != nullptr && observer->stop_requested()) {
      result.stopped = true;
      return result;
    }
    const double rate = test.first * std::exp(factor * static_cast<double>(step));
    try {
      const RatePoint point = steps(rate);
      result.exploded = explodes(point.loss);
      if (std::isfinite(point.loss)) result.points.push_back(point);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::diverged) throw;
      result.exploded = true;
    }
  }
  const std::vector<double> variances = smooth(result.points, std::log(10.0) / factor);
  suggest_rate(result, variances);
  return result;
}

}  // namespace retrograd::train
