// Plans of bodies: which of a loop's outputs they are to make, and the memory that a run keeps.
#include "plan/loop_plan.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "core/fail.h"

namespace retrograd::plan {
namespace {

// The outputs of the loop that are used, or that a used one depends on through a later step.
std::vector<bool> needed_outputs(const Loop& loop, std::vector<bool> needed) {
  for (bool grows = true; grows;) {
    grows = false;
    std::vector<Array> roots = loop.checks;
    for (std::size_t k = 0; k < needed.size(); ++k) {
      if (needed[k]) roots.push_back(loop.outputs[k]);
    }
    const std::vector<Node*> nodes = reachable(roots);
    const std::unordered_set<const Node*> reached(nodes.begin(), nodes.end());
    for (std::size_t k = 0; k < loop.carries; ++k) {
      if (needed[k] || !reached.contains(loop.inputs[k].node().get())) continue;
      needed[k] = grows = true;
    }
  }
  return needed;
}

std::shared_ptr<const LoopPlan> plan_of(const Loop& loop, const std::vector<bool>& used,
                                        const PlanOptions& options) {
  auto made = std::make_shared<LoopPlan>();
  made->carries = loop.carries;
  made->sequences = loop.sequences;
  made->length = loop.length;
  made->reverse = loop.reverse;
  const std::vector<bool> needed = needed_outputs(loop, used);
  std::vector<Array> outputs;
  for (std::size_t k = 0; k < needed.size(); ++k) {
    if (!needed[k]) continue;
    made->results.push_back(k);
    outputs.push_back(loop.outputs[k]);
  }
  made->body = make_plan(loop.inputs, outputs, {}, options, loop.checks);
  return made;
}

std::size_t bytes_of(const kernels::View& view) {
  return (static_cast<std::size_t>(view.size()) * size_of(view.dtype) + 63) / 64 * 64;
}

kernels::Choice choose(const kernels::Call& call) { return {.workspace_bytes = LoopWorkspace(call).bytes}; }

bool supports(const kernels::Call&) { return true; }

std::unique_ptr<kernels::BoundKernel> bind(const kernels::Call&, const kernels::Choice&) {
  fail(ErrorKind::internal, "internal: a loop was bound as a kernel");
}

}  // namespace

void plan_loops(Graph& graph, const PlanOptions& options) {
  std::vector<bool> used(graph.values.size(), false);
  const auto mark = [&](int value) { used[static_cast<std::size_t>(graph.base(value))] = true; };
  for (const Step& step : graph.steps) std::for_each(step.inputs.begin(), step.inputs.end(), mark);
  graph.for_each_root([&](int& value) { mark(value); });
  for (Step& step : graph.steps) {
    if (step.loop == nullptr) continue;
    std::vector<bool> of_step;
    for (int output : step.outputs) of_step.push_back(used[static_cast<std::size_t>(output)]);
    step.loop_plan = plan_of(*step.loop, of_step, options);
  }
}

LoopWorkspace::LoopWorkspace(const kernels::Call& call) {
  const LoopPlan& loop = *call.attributes.as<PlannedLoop>().plan;
  const auto take = [&](std::size_t size) {
    const std::size_t at = bytes;
    bytes += size;
    return at;
  };
  for (std::size_t i = 0; i < loop.carries; ++i) {
    const std::size_t size = bytes_of(call.inputs[i]);
    carries.push_back({take(size), take(size)});
  }
  for (const kernels::View& input : call.inputs) {
    copies.push_back(input.is_contiguous() ? 0 : take(bytes_of(input)));
  }
}

const kernels::KernelDef loop_kernel{
    .op = "",
    .backend = "plan",
    .supports = supports,
    .choose = choose,
    .bind = bind,
    // that of the body's steps
    .error = kernels::ErrorBound::constant_times(std::numeric_limits<double>::infinity(), "1")};

}  // namespace retrograd::plan
