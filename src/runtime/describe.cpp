// Text of a plan.
#include "runtime/describe.h"

#include <fmt/format.h>

namespace retrograd::runtime {
namespace {

std::string place(const plan::Location& location) {
  switch (location.place) {
    case plan::Place::none:
      return "unused";
    case plan::Place::arena:
      return fmt::format("arena+{}", location.offset);
    case plan::Place::input:
      return fmt::format("input {}", location.index);
    case plan::Place::variable:
      return fmt::format("variable {}", location.index);
    case plan::Place::data:
      return fmt::format("data {}", location.index);
    case plan::Place::result:
      return fmt::format("result {}", location.index);
  }
  return "";
}

std::string places(const std::vector<plan::Location>& locations) {
  std::string text;
  for (const plan::Location& location : locations) {
    if (!text.empty()) text += ", ";
    text += place(location);
  }
  return text;
}

void add_steps(std::string& text, const std::vector<plan::PlannedStep>& steps, const char* title) {
  if (steps.empty()) return;
  text += fmt::format("{}:\n", title);
  for (const plan::PlannedStep& step : steps) {
    text += fmt::format("  {:<48} {:<9} {:>2} shards  {} -> {}\n", plan::to_string(step),
                        step.kernel->backend, step.choice.shards, places(step.inputs), places(step.outputs));
  }
}

}  // namespace

std::string describe(const plan::Plan& plan) {
  std::string inputs;
  for (const TensorType& type : plan.inputs)
    inputs += fmt::format("{}{}", inputs.empty() ? "" : ", ", type.to_string());
  std::string text = fmt::format("plan for ({}){}\n", inputs, plan.options.plain ? ", plain" : "");
  add_steps(text, plan.once, "once");
  add_steps(text, plan.steps, "each call");
  text += fmt::format("  {} copies, arena {} bytes (most alive at a step: {}), scratch {} bytes a thread\n",
                      plan.copies.size(), plan.arena_bytes, plan.live_bytes, plan.scratch_bytes);
  return text;
}

}  // namespace retrograd::runtime
