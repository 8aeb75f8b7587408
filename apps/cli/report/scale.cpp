// The range of an axis and its ticks.
#include "cli/report/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cli::report {
namespace {

constexpr int most_ticks = 5;

// The least of 1, 2, 5 times a power of ten that is not below x > 0.
double nice_step(double x) {
  const double power = std::pow(10, std::floor(std::log10(x)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= x * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Scale::Scale(double low, double high, double first_place, double last_place, bool logarithmic)
    : low_(low), high_(high), first_(first_place), last_(last_place), logarithmic_(logarithmic) {
  if (!std::isfinite(low_) || !std::isfinite(high_) || low_ > high_) low_ = 0, high_ = 1;
  if (low_ == high_) {
    const double margin = low_ == 0 ? 1 : std::abs(low_) * 0.1;
    high_ += margin;
    if (!logarithmic_) low_ -= margin;
  }
  logarithmic_ ? make_logarithmic() : make_linear();
}

void Scale::make_linear() {
  const double step = nice_step((high_ - low_) / most_ticks);
  low_ = std::floor(low_ / step + 1e-9) * step;
  high_ = std::ceil(high_ / step - 1e-9) * step;
  const int count = static_cast<int>(std::lround((high_ - low_) / step));
  for (int i = 0; i <= count; ++i) {
    double value = low_ + i * step;
    if (std::abs(value) < step * 1e-6) value = 0;
    ticks_.push_back({value, fmt::format("{:.6g}", value)});
  }
}

void Scale::make_logarithmic() {
  const int first = static_cast<int>(std::floor(std::log10(low_) + 1e-9));
  const int last = static_cast<int>(std::ceil(std::log10(high_) - 1e-9));
  low_ = std::pow(10, first);
  high_ = std::pow(10, last);
  const int every = std::max(1, (last - first + most_ticks - 1) / most_ticks);
  for (int power = first; power <= last; power += every) {
    ticks_.push_back({std::pow(10, power), fmt::format("{:.6g}", std::pow(10, power))});
  }
}

double Scale::operator()(double value) const {
  double share = 0;
  if (logarithmic_) {
    share = (std::log(std::max(value, low_)) - std::log(low_)) / (std::log(high_) - std::log(low_));
  } else {
    share = (value - low_) / (high_ - low_);
  }
  return first_ + std::clamp(share, 0.0, 1.0) * (last_ - first_);
}

bool wants_logarithm(double low, double high) { return low > 0 && high / low > 30; }

}  // namespace cli::report
