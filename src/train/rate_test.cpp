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
constexpr std::size_t calm_steps = 10;  // before which nothing explodes

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

  // The loss of the next batch before its update with this rate. Throws Error(diverged).
  double operator()(double rate) {
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
    return (*step_)(batch_, false).loss;
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

void smooth(std::vector<RatePoint>& points, double steps_per_decade) {
  const double deviation = std::max(decades_of_smoothing * steps_per_decade, 0.5);
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * deviation));
  const auto count = static_cast<std::ptrdiff_t>(points.size());
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    double sum = 0, weights = 0;
    for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(i - reach, 0); j < std::min(i + reach + 1, count); ++j) {
      const double z = static_cast<double>(j - i) / deviation;
      const double weight = std::exp(-z * z / 2);
      sum += weight * points[static_cast<std::size_t>(j)].loss;
      weights += weight;
    }
    points[static_cast<std::size_t>(i)].smoothed = sum / weights;
  }
}

// Among the rates up to the least loss.
void suggest_rate(RateTest& test) {
  const std::vector<RatePoint>& points = test.points;
  if (points.size() < 3) return;
  const auto least = std::min_element(points.begin(), points.end(),
                                      [](const auto& a, const auto& b) { return a.smoothed < b.smoothed; });
  const auto place = static_cast<std::size_t>(least - points.begin());
  double fall = 0;
  for (std::size_t i = 1; i + 1 < points.size() && i <= place; ++i) {
    const double here = points[i - 1].smoothed - points[i + 1].smoothed;
    if (here > fall) fall = here, test.steepest = points[i].rate;
  }
  test.least = least->rate;
  if (!(least->smoothed < 0.95 * points.front().smoothed) || std::isnan(test.steepest)) return;
  test.suggested = least->rate / 5;
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
      const double loss = steps(rate);
      result.exploded = explodes(loss);
      if (std::isfinite(loss)) result.points.push_back({.rate = rate, .loss = loss});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::diverged) throw;
      result.exploded = true;
    }
  }
  smooth(result.points, std::log(10.0) / factor);
  suggest_rate(result);
  return result;
}

}  // namespace retrograd::train
