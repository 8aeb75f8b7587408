// Dead-code removal: marks from the roots backward.
#include <algorithm>

#include "plan/passes/passes.h"

namespace retrograd::plan {

void drop_dead_code(Graph& graph) {
  std::vector<bool> used(graph.values.size(), false);
  const auto mark = [&](int value) {
    used[static_cast<std::size_t>(value)] = true;
    used[static_cast<std::size_t>(graph.base(value))] = true;
  };
  graph.for_each_root([&](int& value) { mark(value); });
  std::vector<Step> steps;
  for (auto step = graph.steps.rbegin(); step != graph.steps.rend(); ++step) {
    const bool is_used = std::any_of(step->outputs.begin(), step->outputs.end(),
                                     [&](int output) { return used[static_cast<std::size_t>(output)]; });
    if (!is_used) continue;
    for (int input : step->inputs) mark(input);
    steps.push_back(std::move(*step));
  }
  std::reverse(steps.begin(), steps.end());
  graph.steps = std::move(steps);

  for (VariableSlot& variable : graph.variables) {
    if (variable.read >= 0 && !used[static_cast<std::size_t>(variable.read)]) variable.read = -1;
  }
  std::erase_if(graph.variables, [](const VariableSlot& slot) { return slot.read < 0 && slot.next < 0; });
  std::erase_if(graph.data,
                [&](const DataSlot& slot) { return !used[static_cast<std::size_t>(slot.value)]; });
}

}  // namespace retrograd::plan
