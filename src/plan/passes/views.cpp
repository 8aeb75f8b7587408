// Views instead of copies, by the trait `view` of an op's definition. A view of all elements as they lie is
// its input under another name and goes away, so that chains run through it.
#include <algorithm>
#include <numeric>

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

bool is_same(const Value& a, const Value& b) {
  return a.type == b.type && a.layout.strides == b.layout.strides && a.layout.offset == b.layout.offset;
}

}  // namespace

void turn_into_views(Graph& graph) {
  std::vector<int> name(graph.values.size());
  std::iota(name.begin(), name.end(), 0);
  const auto renamed = [&](int& value) { value = name[static_cast<std::size_t>(value)]; };
  std::vector<Step> steps;
  for (Step& step : graph.steps) {
    std::for_each(step.inputs.begin(), step.inputs.end(), renamed);
    if (!make_view(graph, step)) {
      steps.push_back(std::move(step));
    } else if (is_same(graph.value(step.inputs[0]), graph.value(step.outputs[0]))) {
      name[static_cast<std::size_t>(step.outputs[0])] = step.inputs[0];
    }
  }
  graph.steps = std::move(steps);
  graph.for_each_root(renamed);
}

}  // namespace retrograd::plan
