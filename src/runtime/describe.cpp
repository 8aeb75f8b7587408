// Text of a plan.
#include "runtime/describe.h"

#include <fmt/format.h>

#include "plan/cost.h"
#include "plan/loop_plan.h"

namespace retrograd::runtime {
namespace {

std::string place(const plan::Location& location) {
  switch (location.place) {
    case plan::Place::none:
      return "unused";
    case plan::Place::arena:
      return fmt::format("arena+{}", location.offset);
    case plan::Place::constant:
      return fmt::format("constant+{}", location.offset);
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

// "f32[3, 4]", "f32[3, 4] strides (1, 3)"
std::string type_of(const kernels::View& view) {
  std::string text = fmt::format("{}{}", name(view.dtype), view.shape().to_string());
  if (view.is_contiguous()) return text;
  std::string strides;
  for (int axis = 0; axis < view.shape().rank(); ++axis) {
    strides +=
        fmt::format("{}{}", axis == 0 ? "" : ", ", view.layout.strides[static_cast<std::size_t>(axis)]);
  }
  return text + fmt::format(" strides ({})", strides);
}

std::string operands(const std::vector<kernels::View>& views, const std::vector<plan::Location>& locations) {
  std::string text;
  for (std::size_t i = 0; i < views.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", place(locations[i]), type_of(views[i]));
  }
  return text;
}

// A number with its unit's prefix: "2.35 M".
std::string with_prefix(double count) {
  const char* prefix = "";
  for (const char* next : {"k", "M", "G"}) {
    if (count < 1000) break;
    count /= 1000;
    prefix = next;
  }
  return fmt::format("{:.4g} {}", count, prefix);
}

std::string way_of(const plan::PlannedStep& step) {
  if (step.kernel == &plan::loop_kernel) {
    return fmt::format("a loop of {} steps", step.call.attributes.as<plan::PlannedLoop>().plan->length);
  }
  return fmt::format("{}, {} shard{}", step.kernel->backend, step.choice.shards,
                     step.choice.shards == 1 ? "" : "s");
}

// The steps of a loop's body stand below it, farther in.
void add_steps(std::string& text, const std::vector<plan::PlannedStep>& steps, const std::string& title,
               const std::string& indent = "") {
  if (steps.empty()) return;
  text += fmt::format("{}{}:\n", indent, title);
  for (const plan::PlannedStep& step : steps) {
    text += fmt::format("{}  {}{}  {}, {}FLOP\n", indent, step.scope ? *step.scope + ": " : "",
                        plan::ops_of(step), way_of(step), with_prefix(plan::cost_of(step).flops));
    text += fmt::format("{}      {} -> {}\n", indent, operands(step.call.inputs, step.inputs),
                        operands(step.call.outputs, step.outputs));
    if (step.kernel != &plan::loop_kernel) continue;
    const plan::Plan& body = *step.call.attributes.as<plan::PlannedLoop>().plan->body;
    add_steps(text, body.once, "once", indent + "    ");
    add_steps(text, body.steps, fmt::format("each step, arena {} bytes", body.arena_bytes), indent + "    ");
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
  double flops = 0;
  int reorders = 0;
  for (const plan::PlannedStep& step : plan.steps) {
    flops += plan::cost_of(step).flops;
    reorders += plan::is_reorder(step) ? 1 : 0;
  }
  text += fmt::format("  {} steps, {}FLOP, {} reorders, {} copies\n", plan.steps.size(), with_prefix(flops),
                      reorders, plan.copies.size());
  text += fmt::format(
      "  arena {} bytes, most alive at a step {} bytes, constants {} bytes, scratch {} bytes a thread\n",
      plan.arena_bytes, plan.live_bytes, plan.constant_bytes, plan.scratch_bytes);
  return text;
}

}  // namespace retrograd::runtime
