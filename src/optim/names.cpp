// Optimizers by name, and the checks of their options. Schedules by their text are in schedule_text.cpp.
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
  if constexpr (requires { options.beta1; }) put(given.beta1, options.beta1);
  if constexpr (requires { options.beta2; }) put(given.beta2, options.beta2);
  if constexpr (requires { options.epsilon; }) put(given.epsilon, options.epsilon);
  if constexpr (requires { options.rho; }) put(given.rho, options.rho);
  if constexpr (requires { options.alpha; }) put(given.rho, options.alpha);
  return std::make_unique<O>(options);
}

constexpr std::string_view optimizers[] = {"sgd",     "adam",     "adamw", "nadam", "rmsprop",
                                           "adagrad", "adadelta", "lion",  "rprop", "rumelhart"};

struct Kind {
  std::unique_ptr<Optimizer> (*make)(const OptimizerOptions& given);
  bool momentum, nesterov, weight_decay, betas, epsilon, rho;
};

template <typename O, typename Options>
constexpr Kind kind() {
  constexpr bool momentum = requires(Options o) { o.momentum; };
  constexpr bool nesterov = requires(Options o) { o.nesterov; };
  constexpr bool weight_decay = requires(Options o) { o.weight_decay; };
  constexpr bool betas = requires(Options o) { o.beta1; };
  constexpr bool epsilon = requires(Options o) { o.epsilon; };
  constexpr bool rho = requires(Options o) { o.rho; }
  || requires(Options o) { o.alpha; };
  return {make<O, Options>, momentum, nesterov, weight_decay, betas, epsilon, rho};
}

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
  if ((options.beta1 >= 0.0 || options.beta2 >= 0.0) && !kind.betas) {
    fail(ErrorKind::argument, "optimizer: {} has no betas; adam, adamw, nadam and lion have", name);
  }
  if (options.epsilon >= 0.0 && !kind.epsilon) {
    fail(ErrorKind::argument, "optimizer: {} has no epsilon", name);
  }
  if (options.rho >= 0.0 && !kind.rho) {
    fail(ErrorKind::argument, "optimizer: {} has no rho; adadelta and rmsprop have", name);
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

}  // namespace retrograd::optim
