// Schedules by their text. Optimizers by name are in names.cpp.
#include <retrograd/optim.h>

#include <algorithm>
#include <cmath>

#include "core/call_text.h"
#include "core/fail.h"
#include "optim/names.h"

namespace retrograd::optim {
namespace {

constexpr std::string_view schedules[] = {"constant",    "cosine",    "step",
                                          "exponential", "one_cycle", "plateau"};

// The i-th number, or the default.
double number(const CallText& call, std::size_t i, double otherwise) {
  return i < call.numbers.size() ? call.numbers[i] : otherwise;
}

void check(bool holds, std::string_view text, const char* expected) {
  if (!holds) fail(ErrorKind::argument, "schedule: \"{}\"; expected {}", text, expected);
}

struct Length {
  std::int64_t total, warmup, epoch;
};

Schedule steps_of(const CallText& call, std::string_view text, const Length& length) {
  const double epochs = number(call, 0, 0.0), after = number(call, 2, 0.0);
  check(call.numbers.empty() || (epochs > 0 && after >= 0), text,
        "step(epochs, factor, after) with epochs above 0 and after at least 0");
  const auto every =
      call.numbers.empty()
          ? length.total / 3
          : static_cast<std::int64_t>(std::llround(epochs * static_cast<double>(length.epoch)));
  const auto first = static_cast<std::int64_t>(std::llround(after * static_cast<double>(length.epoch)));
  return Schedule::step(std::max<std::int64_t>(every, 1), number(call, 1, 0.1), first)
      .with_warmup(length.warmup);
}

Schedule exponential_of(const CallText& call, std::string_view text, const Length& length) {
  const double factor = number(call, 0, 0.01);
  check(factor > 0, text, "exponential(factor) with a factor above 0");
  const auto steps = static_cast<double>(call.numbers.empty() ? length.total : length.epoch);
  return Schedule::exponential(std::pow(factor, 1.0 / steps)).with_warmup(length.warmup);
}

Schedule cycle_of(const CallText& call, std::string_view text, const Length& length) {
  if (length.total < 2) return {};
  const double share = number(call, 0, 0.3);
  check(share > 0 && share < 1, text, "one_cycle(share) with 0 < share < 1");
  const auto peak = static_cast<std::int64_t>(share * static_cast<double>(length.total));
  const bool warm = call.numbers.empty() && length.warmup > 0;
  return Schedule::one_cycle(length.total,
                             warm ? length.warmup : std::clamp<std::int64_t>(peak, 1, length.total - 1));
}

}  // namespace

Schedule make_schedule(std::string_view text, std::int64_t total_steps, std::int64_t warmup_steps,
                       std::int64_t epoch_steps) {
  const CallText call = parse_call("schedule", text);
  const std::int64_t total = std::max<std::int64_t>(total_steps, 1);
  const Length length{total, std::clamp<std::int64_t>(warmup_steps, 0, total - 1),
                      std::max<std::int64_t>(epoch_steps, 1)};
  if (call.name == "constant") {
    check_call("schedule", call, 0, "none");
    return Schedule().with_warmup(length.warmup);
  }
  if (call.name == "cosine") {
    check_call("schedule", call, 1, "cosine(last)");
    return Schedule::cosine(total, length.warmup, number(call, 0, 0.0));
  }
  if (call.name == "step") {
    check_call("schedule", call, 3, "step(epochs, factor, after)");
    return steps_of(call, text, length);
  }
  if (call.name == "exponential") {
    check_call("schedule", call, 1, "exponential(factor)");
    return exponential_of(call, text, length);
  }
  if (call.name == "one_cycle") {
    check_call("schedule", call, 1, "one_cycle(share)");
    return cycle_of(call, text, length);
  }
  if (plateau_options(text)) return Schedule().with_warmup(length.warmup);
  fail_unknown("schedule", call.name, schedules);
}

std::optional<PlateauOptions> plateau_options(std::string_view text) {
  const CallText call = parse_call("schedule", text);
  if (call.name != "plateau") return std::nullopt;
  check_call("schedule", call, 2, "plateau(factor, patience)");
  const double factor = number(call, 0, 0.1), patience = number(call, 1, 5);
  check(factor > 0 && factor < 1 && patience >= 0, text,
        "plateau(factor, patience) with 0 < factor < 1 and a patience of at least 0");
  return PlateauOptions{.factor = factor, .patience = std::llround(patience)};
}

std::span<const std::string_view> schedule_names() { return schedules; }

}  // namespace retrograd::optim
