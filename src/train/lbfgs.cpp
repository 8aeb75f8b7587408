// L-BFGS. The line search is the one of Nocedal and Wright 2006, 3.5.
#include <retrograd/minimise.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/fail.h"

namespace retrograd::train {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void check(const LbfgsOptions& options) {
  const bool holds = options.memory >= 1 && options.first_step > 0 && options.decrease > 0 &&
                     options.decrease < options.curvature && options.curvature < 1 &&
                     options.search_evaluations >= 1;
  if (holds) return;
  fail(ErrorKind::argument,
       "lbfgs: a memory of {}, a first step of {}, c1 = {}, c2 = {}, {} evaluations in a search; expected "
       "memory >= 1, first step > 0, 0 < c1 < c2 < 1, evaluations >= 1",
       options.memory, options.first_step, options.decrease, options.curvature, options.search_evaluations);
}

}  // namespace

Lbfgs::Lbfgs(Objective& objective, std::span<const double> start, const LbfgsOptions& options)
    : Minimiser(start),
      objective_(&objective),
      options_(options),
      trial_(start.size()),
      trial_gradient_(start.size()) {
  check(options);
  if (start.empty()) fail(ErrorKind::argument, "lbfgs: there are no numbers to choose");
  value_ = objective.evaluate(x_, gradient_);
  evaluations_ = 1;
  if (!std::isfinite(value_)) fail(ErrorKind::argument, "lbfgs: the objective is {} at the start", value_);
}

// The two-loop recursion: -H g, where H is the inverse Hessian that the pairs tell of.
std::vector<double> Lbfgs::direction() const {
  std::vector<double> p = gradient_;
  std::vector<double> shares(pairs_.size());
  for (std::size_t i = pairs_.size(); i-- > 0;) {
    shares[i] = pairs_[i].scale * dot(pairs_[i].step, p);
    for (std::size_t j = 0; j < p.size(); ++j) p[j] -= shares[i] * pairs_[i].change[j];
  }
  if (!pairs_.empty()) {
    const Pair& last = pairs_.back();
    const double gamma = 1 / (last.scale * dot(last.change, last.change));
    for (double& number : p) number *= gamma;
  }
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const double share = shares[i] - pairs_[i].scale * dot(pairs_[i].change, p);
    for (std::size_t j = 0; j < p.size(); ++j) p[j] += share * pairs_[i].step[j];
  }
  for (double& number : p) number = -number;
  return p;
}

Lbfgs::Point Lbfgs::at(double a, const std::vector<double>& p) {
  for (std::size_t i = 0; i < x_.size(); ++i) trial_[i] = x_[i] + a * p[i];
  const double value = objective_->evaluate(trial_, trial_gradient_);
  ++evaluations_;
  return {a, value, dot(trial_gradient_, p)};
}

double Lbfgs::search(const std::vector<double>& p, double first) {
  const Point start{0, value_, dot(gradient_, p)};
  Point before = start;
  double a = first;
  for (std::int64_t left = options_.search_evaluations; left > 0; --left) {
    const Point point = at(a, p);
    const bool falls = point.value <= start.value + options_.decrease * a * start.slope;
    if (!falls || (before.a > 0 && !(point.value < before.value))) {
      return zoom(p, start, before, point, left - 1);
    }
    if (std::abs(point.slope) <= -options_.curvature * start.slope) return a;
    if (!(point.slope < 0)) return zoom(p, start, point, before, left - 1);
    before = point;
    a *= 2;
  }
  return before.a;
}

namespace {

// The minimum of the cubic through two points with slopes, well within them; their middle where there is
// none.
double between(double a, double fa, double sa, double b, double fb, double sb) {
  const double d1 = sa + sb - 3 * (fa - fb) / (a - b);
  const double d2 = std::copysign(std::sqrt(d1 * d1 - sa * sb), b - a);
  const double least = b - (b - a) * (sb + d2 - d1) / (sb - sa + 2 * d2);
  const double margin = 0.01 * std::abs(b - a);
  if (!std::isfinite(least)) return (a + b) / 2;
  return std::clamp(least, std::min(a, b) + margin, std::max(a, b) - margin);
}

}  // namespace

double Lbfgs::zoom(const std::vector<double>& p, const Point& start, Point low, Point high,
                   std::int64_t left) {
  for (; left > 0 && std::abs(high.a - low.a) > 1e-15 * std::abs(high.a); --left) {
    const Point point = at(between(low.a, low.value, low.slope, high.a, high.value, high.slope), p);
    const bool falls = point.value <= start.value + options_.decrease * point.a * start.slope;
    if (!falls || !(point.value < low.value)) {
      high = point;
      continue;
    }
    if (std::abs(point.slope) <= -options_.curvature * start.slope) return point.a;
    if (point.slope * (high.a - low.a) >= 0) high = low;
    low = point;
  }
  return low.a;
}

void Lbfgs::remember(std::span<const double> x, std::span<const double> gradient) {
  Pair pair{std::vector<double>(x.size()), std::vector<double>(x.size()), 0};
  for (std::size_t i = 0; i < x.size(); ++i) {
    pair.step[i] = x[i] - x_[i];
    pair.change[i] = gradient[i] - gradient_[i];
  }
  const double curvature = dot(pair.change, pair.step);
  if (!(curvature > 1e-300)) return;  // rounding alone, after Wolfe's conditions
  pair.scale = 1 / curvature;
  if (pairs_.size() == static_cast<std::size_t>(options_.memory)) pairs_.erase(pairs_.begin());
  pairs_.push_back(std::move(pair));
}

bool Lbfgs::step() {
  for (;;) {
    std::vector<double> p = direction();
    const double slope = dot(gradient_, p);
    const double norm = gradient_norm();
    if (norm == 0) return false;
    const double first = pairs_.empty() ? std::min(1.0, options_.first_step / norm) : 1.0;
    const double a = slope < 0 ? search(p, first) : 0;
    if (a > 0) {
      const Point point = at(a, p);
      if (point.value < value_) {
        remember(trial_, trial_gradient_);
        x_ = trial_;
        gradient_ = trial_gradient_;
        value_ = point.value;
        return true;
      }
    }
    if (pairs_.empty()) return false;
    pairs_.clear();  // along the gradient then
  }
}

std::vector<double> Lbfgs::state() const {
  std::vector<double> state = x_;
  state.insert(state.end(), gradient_.begin(), gradient_.end());
  for (const Pair& pair : pairs_) {
    state.insert(state.end(), pair.step.begin(), pair.step.end());
    state.insert(state.end(), pair.change.begin(), pair.change.end());
    state.push_back(pair.scale);
  }
  state.push_back(value_);
  state.push_back(static_cast<double>(evaluations_));
  return state;
}

void Lbfgs::restore(std::span<const double> state) {
  const std::size_t n = x_.size();
  const std::size_t rest = state.size() - std::min(state.size(), 2 * n + 2);
  if (state.size() < 2 * n + 2 || rest % (2 * n + 1) != 0) {
    fail(ErrorKind::data, "lbfgs: a state of {} numbers does not fit {} numbers to choose", state.size(), n);
  }
  auto next = [&, at = std::size_t{0}](std::size_t count) mutable {
    const std::span<const double> taken = state.subspan(at, count);
    at += count;
    return std::vector<double>(taken.begin(), taken.end());
  };
  x_ = next(n);
  gradient_ = next(n);
  pairs_.clear();
  for (std::size_t i = 0; i < rest / (2 * n + 1); ++i) {
    Pair pair;
    pair.step = next(n);
    pair.change = next(n);
    pair.scale = next(1)[0];
    pairs_.push_back(std::move(pair));
  }
  value_ = next(1)[0];
  evaluations_ = static_cast<std::int64_t>(next(1)[0]);
}

}  // namespace retrograd::train
