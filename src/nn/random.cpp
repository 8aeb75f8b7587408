// Generator: the random counter as a variable, advanced once a step.
#include <retrograd/ops.h>
#include <retrograd/random.h>

#include <span>

#include "array/trace_state.h"
#include "core/buffer.h"
#include "core/fail.h"

namespace retrograd {
namespace {

Array counter_value(std::uint64_t seed, std::int64_t step) {
  const std::int64_t values[] = {static_cast<std::int64_t>(seed), step};
  return Array::from(std::span<const std::int64_t>(values), {2});
}

}  // namespace

Generator::Generator(std::uint64_t seed) : state_(counter_value(seed, 0), "random_counter") {}

Array Generator::counter() const {
  Array now = state_.read();
  if (current_trace() != nullptr) {
    if (state_.next().same_as(now)) state_.set_next(now + counter_value(0, 1));
    return now;
  }
  const auto* values = state_.snapshot()->as<std::int64_t>();
  state_.assign(counter_value(static_cast<std::uint64_t>(values[0]), values[1] + 1));
  return now;
}

void Generator::seed(std::uint64_t seed) {
  if (current_trace() != nullptr)
    fail(ErrorKind::argument, "Generator::seed: not inside a compiled function");
  state_.assign(counter_value(seed, 0));
}

const Generator& Generator::current() {
  static const Generator of_process;
  const Generator* in_force = GeneratorScope::current();
  return in_force != nullptr ? *in_force : of_process;
}

}  // namespace retrograd
