// Values of a graph under construction and how often they are used.
#include "plan/graph.h"

namespace retrograd::plan {

int Graph::add_value(const TensorType& type) {
  const int id = static_cast<int>(values.size());
  values.push_back({type, Layout::row_major(type.shape), id});
  return id;
}

std::vector<int> count_uses(const Graph& graph) {
  std::vector<int> uses(graph.values.size(), 0);
  for (const Step& step : graph.steps) {
    for (int input : step.inputs) ++uses[static_cast<std::size_t>(input)];
  }
  for (int output : graph.outputs) ++uses[static_cast<std::size_t>(output)];
  for (int check : graph.checks) ++uses[static_cast<std::size_t>(check)];
  for (const VariableSlot& variable : graph.variables) {
    if (variable.next >= 0) ++uses[static_cast<std::size_t>(variable.next)];
  }
  return uses;
}

}  // namespace retrograd::plan
