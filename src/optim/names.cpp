// Optimizers and schedules by name, and the checks of their options.
#include "optim/names.h"

#include <retrograd/optim.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/fail.h"
#include "core/suggest.h"

namespace retrograd::optim {
namespace {

constexpr std::string_view optimizers[] = {"sgd", "adam", "adamw"};
constexpr std::string_view schedules[] = {"constant", "cosine", "step", "exponential"};

double given_or(double given, double otherwise) { return given < 0.0 ? otherwise : given; }

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
  if (name == "sgd") {
    SgdOptions sgd;
    return std::make_unique<Sgd>(
        SgdOptions{.learning_rate = given_or(options.learning_rate, sgd.learning_rate),
                   .momentum = given_or(options.momentum, sgd.momentum),
                   .nesterov = options.nesterov,
                   .weight_decay = given_or(options.weight_decay, sgd.weight_decay),
                   .schedule = options.schedule});
  }
  if (name != "adam" && name != "adamw") fail_unknown("optimizer", name, optimizers);
  if (options.momentum >= 0.0 || options.nesterov) {
    fail(ErrorKind::argument, "optimizer: {} has no momentum option; it is sgd's", name);
  }
  AdamOptions adam;
  adam.learning_rate = given_or(options.learning_rate, adam.learning_rate);
  adam.weight_decay = given_or(options.weight_decay, name == "adamw" ? AdamWOptions().weight_decay : 0.0);
  adam.schedule = options.schedule;
  return std::make_unique<Adam>(adam);
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
  fail_unknown("schedule", name, schedules);
}

std::span<const std::string_view> schedule_names() { return schedules; }

}  // namespace retrograd::optim
