// A learning rate that falls on plateaus of a loss.
#include <retrograd/plateau.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "core/buffer.h"
#include "core/fail.h"
#include "optim/names.h"

namespace retrograd::optim {
namespace {

Array pair_of(double best, double waited) {
  const double values[] = {best, waited};
  return Array::from(std::span<const double>(values), {2});
}

}  // namespace

Plateau::Plateau(Optimizer& optimizer, const PlateauOptions& options)
    : optimizer_(&optimizer),
      options_(options),
      state_(pair_of(std::numeric_limits<double>::infinity(), 0.0), "plateau") {
  if (!(options.factor > 0.0 && options.factor < 1.0)) {
    fail(ErrorKind::argument, "Plateau: factor is {}; expected 0 < factor < 1", options.factor);
  }
  check_option("the plateau's patience", static_cast<double>(options.patience));
  check_option("the plateau's threshold", options.threshold);
  check_option("the smallest learning rate", options.smallest);
}

bool Plateau::observe(double loss) {
  const auto* state = state_.snapshot()->as<double>();
  const double best = state[0];
  const double waited = state[1] + 1.0;
  if (loss < (std::isinf(best) ? best : best - options_.threshold * std::abs(best))) {
    state_.assign(pair_of(loss, 0.0));
    return false;
  }
  if (waited <= static_cast<double>(options_.patience)) {
    state_.assign(pair_of(best, waited));
    return false;
  }
  state_.assign(pair_of(best, 0.0));
  const double rate = optimizer_->learning_rate().snapshot()->as<double>()[0];
  const double lower = std::max(rate * options_.factor, options_.smallest);
  if (!(lower < rate)) return false;
  optimizer_->set_learning_rate(lower);
  return true;
}

}  // namespace retrograd::optim
