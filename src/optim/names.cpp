// Optimizers and schedules by name, and the checks of their options.
#include "optim/names.h"

#include <retrograd/optim.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::optim {
namespace {

constexpr std::string_view schedules[] = {"constant", "cosine", "step", "exponential", "one_cycle"};

void put(double given, double& option) {
  if (given >= 0.0) option = given;
}

// The optimizer O with those of the given options that it has.
template <typename O, typename Options>
std::unique_ptr<Optimizer> make(const OptimizerOptions& given) {
  Options options;
  put(given.learning_rate, options.learning_rate);
  options.schedule = given.schedule;
  if constexpr (requires { options.momentum; }) put(given.momentum, options.momentum);
  if constexpr (requires { options.nesterov; }) options.nesterov = given.nesterov;
  if constexpr (requires { options.weight_decay; }) put(given.weight_decay, options.weight_decay);
  return std::make_unique<O>(options);
}

constexpr std::string_view optimizers[] = {"sgd",     "adam",     "adamw", "nadam", "rmsprop",
                                           "adagrad", "adadelta", "lion",  "rprop", "rumelhart"};

struct Kind {
  std::unique_ptr<Optimizer> (*make)(const OptimizerOptions& given);
  bool momentum;
  bool nesterov;
  bool weight_decay;
};

template <typename O, typename Options>
constexpr Kind kind() {
  return {make<O, Options>, requires(Options o){o.momentum;
}
, requires(Options o) { o.nesterov; }
, requires(Options o) { o.weight_decay; }
};  // namespace
}  // namespace retrograd::optim

// In the order of their names.
constexpr Kind kinds[] = {
    kind<Sgd, SgdOptions>(),           kind<Adam, AdamOptions>(),
    kind<AdamW, AdamWOptions>(),       kind<Nadam, NadamOptions>(),
    kind<RmsProp, RmsPropOptions>(),   kind<Adagrad, AdagradOptions>(),
    kind<Adadelta, AdadeltaOptions>(), kind<Lion, LionOptions>(),
    kind<Rprop, RpropOptions>(),       kind<Rumelhart, RumelhartOptions>(),
};
static_assert(std::size(kinds) == std::size(optimizers));

void check_has(const OptimizerOptions& options, const Kind& kind, std::string_view name) {
  if (options.momentum >= 0.0 && !kind.momentum) {
    fail(ErrorKind::argument, "optimizer: {} has no momentum option; it is one of sgd, rmsprop and rumelhart",
         name);
  }
  if (options.nesterov && !kind.nesterov) {
    fail(ErrorKind::argument, "optimizer: {} has no nesterov option; it is sgd's", name);
  }
  if (options.weight_decay > 0.0 && !kind.weight_decay) {
    fail(ErrorKind::argument, "optimizer: {} has no weight decay", name);
  }
}

}  // namespace

void check_option(const char* what, double value) {
  if (!std::isfinite(value) || value < 0.0) {
    fail(ErrorKind::argument, "optimizer: {} is {}; expected a finite number, at least 0", what, value);
  }
}

void check_fraction(const char* what, double value) {
  if (!(value >= 0.0 && value < 1.0)) {
    fail(ErrorKind::argument, "optimizer: {} is {}; expected 0 <= {} < 1", what, value, what);
  }
}

void fail_unknown(const char* what, std::string_view name, std::span<const std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string near = suggest(name, names);
  fail(ErrorKind::argument, "{}: \"{}\" is unknown;{}", what, name,
       near.empty() ? fmt::format(" known are {}", fmt::join(names, ", ")) : near);
}

std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const OptimizerOptions& options) {
  for (std::size_t i = 0; i < std::size(optimizers); ++i) {
    if (optimizers[i] != name) continue;
    check_has(options, kinds[i], name);
    return kinds[i].make(options);
  }
  fail_unknown("optimizer", name, optimizers);
}

std::span<const std::string_view> optimizer_names() { return optimizers; }

Schedule make_schedule(std::string_view name, std::int64_t total_steps, std::int64_t warmup_steps) {
  const std::int64_t total = std::max<std::int64_t>(total_steps, 1);
  const std::int64_t warmup = std::clamp<std::int64_t>(warmup_steps, 0, total - 1);
  if (name == "constant") return Schedule().with_warmup(warmup);
  if (name == "cosine") return Schedule::cosine(total, warmup);
  if (name == "step") return Schedule::step(std::max<std::int64_t>(total / 3, 1), 0.1).with_warmup(warmup);
  if (name == "exponential") {
    return Schedule::exponential(std::pow(0.01, 1.0 / static_cast<double>(total))).with_warmup(warmup);
  }
  if (name == "one_cycle") {
    if (total < 2) return {};
    const std::int64_t peak = warmup > 0 ? warmup : std::clamp<std::int64_t>(total * 3 / 10, 1, total - 1);
    return Schedule::one_cycle(total, peak);
  }
  fail_unknown("schedule", name, schedules);
}

std::span<const std::string_view> schedule_names() { return schedules; }

}  // namespace retrograd::optim
