// Views instead of copies, by the trait `view` of an op's definition.
#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

// Makes the output of `step` a view of its input; false where the strides cannot say it.
bool make_view(Graph& graph, const Step& step) {
  const ViewRule rule = step.op->traits.view;
  if (rule == nullptr || !step.epilogue.empty()) return false;
  const Value& input = graph.value(step.inputs[0]);
  Value& output = graph.values[static_cast<std::size_t>(step.outputs[0])];
  Layout layout;
  if (!rule(step.attributes, input.layout, output.type.shape, &layout)) return false;
  output.base = input.base;
  output.layout = layout;
  return true;
}

}  // namespace

void turn_into_views(Graph& graph) {
  std::vector<Step> steps;
  for (Step& step : graph.steps) {
    if (!make_view(graph, step)) steps.push_back(std::move(step));
  }
  graph.steps = std::move(steps);
}

}  // namespace retrograd::plan
