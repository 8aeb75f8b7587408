// Levenberg-Marquardt with a dense Cholesky factorisation. The normal equations of a network are in
// full_batch.cpp.
#include <retrograd/minimise.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/fail.h"

// n numbers to choose; matrices [n, n] are row-major.
namespace retrograd::train {
namespace {

// Eight sums side by side: short chains of additions.
double dot(const double* a, const double* b, std::size_t count) {
  std::array<double, 8> sums{};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) sums[k] += a[i + k] * b[i + k];
  }
  double sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

// factor [n, n]: the lower triangle L of a + mu I = L L^T. False where that is not positive.
bool factorise(const std::vector<double>& a, double mu, std::vector<double>& factor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    double* row = factor.data() + i * n;
    for (std::size_t j = 0; j < i; ++j) {
      const double* other = factor.data() + j * n;
      row[j] = (a[i * n + j] - dot(row, other, j)) / other[j];
    }
    const double square = a[i * n + i] + mu - dot(row, row, i);
    if (!(square > 0) || !std::isfinite(square)) return false;
    row[i] = std::sqrt(square);
  }
  return true;
}

// b <- (L L^T)^-1 b
void solve(const std::vector<double>& factor, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    b[i] = (b[i] - dot(factor.data() + i * n, b.data(), i)) / factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    b[i] /= factor[i * n + i];
    for (std::size_t j = 0; j < i; ++j) b[j] -= factor[i * n + j] * b[i];
  }
}

void check(std::size_t numbers, const LevenbergMarquardtOptions& options) {
  if (numbers == 0) fail(ErrorKind::argument, "levenberg-marquardt: there are no numbers to choose");
  if (static_cast<std::int64_t>(numbers) > options.most_numbers) {
    fail(ErrorKind::argument,
         "levenberg-marquardt: {} parameters make a matrix of {} x {}; it takes {} at most; take lbfgs, or a "
         "smaller network",
         numbers, numbers, numbers, options.most_numbers);
  }
  if (options.damping > 0 && options.factor > 1 && options.smallest >= 0 && options.largest > 0) return;
  fail(ErrorKind::argument,
       "levenberg-marquardt: damping {}, factor {}, smallest {}, largest {}; expected damping > 0, factor > "
       "1, "
       "smallest >= 0, largest > 0",
       options.damping, options.factor, options.smallest, options.largest);
}

}  // namespace

LevenbergMarquardt::LevenbergMarquardt(SumOfSquares& squares, std::span<const double> start,
                                       const LevenbergMarquardtOptions& options)
    : Minimiser(start), squares_(&squares), options_(options), damping_(options.damping) {
  check(start.size(), options);
  jtj_.assign(start.size() * start.size(), 0.0);
  factor_.assign(start.size() * start.size(), 0.0);
  linearise();
  if (!std::isfinite(value_)) {
    fail(ErrorKind::argument, "levenberg-marquardt: the sum of squares is {} at the start", value_);
  }
}

void LevenbergMarquardt::linearise() {
  std::fill(jtj_.begin(), jtj_.end(), 0.0);
  std::fill(gradient_.begin(), gradient_.end(), 0.0);
  value_ = squares_->normal_equations(x_, jtj_, gradient_);
  ++evaluations_;
}

bool LevenbergMarquardt::step() {
  const std::size_t n = x_.size();
  for (; damping_ <= options_.largest; damping_ *= options_.factor) {
    if (!factorise(jtj_, damping_, factor_, n)) continue;
    trial_ = gradient_;
    solve(factor_, trial_);
    for (std::size_t i = 0; i < n; ++i) trial_[i] = x_[i] - trial_[i];
    const double value = squares_->evaluate(trial_);
    ++evaluations_;
    if (!(value < value_)) continue;
    x_ = trial_;
    damping_ = std::max(damping_ / options_.factor, options_.smallest);
    linearise();
    return true;
  }
  damping_ = options_.damping;
  return false;
}

std::vector<double> LevenbergMarquardt::state() const {
  std::vector<double> state = x_;
  state.push_back(damping_);
  state.push_back(static_cast<double>(evaluations_));
  return state;
}

void LevenbergMarquardt::restore(std::span<const double> state) {
  if (state.size() != x_.size() + 2) {
    fail(ErrorKind::data, "levenberg-marquardt: a state of {} numbers does not fit {} numbers to choose",
         state.size(), x_.size());
  }
  std::copy_n(state.begin(), x_.size(), x_.begin());
  linearise();
  damping_ = state[x_.size()];
  evaluations_ = static_cast<std::int64_t>(state[x_.size() + 1]);
}

}  // namespace retrograd::train
