// Common-subexpression removal. Random ops carry an ordinal among their attributes, so two of them never
// merge; nor do steps of two regions, which are to be computed twice.
#include <algorithm>
#include <unordered_map>

#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

std::size_t hash(const Step& step) {
  std::size_t h = std::hash<const void*>()(step.op) ^ step.attributes.hash();
  h = h * 1000003u + static_cast<std::size_t>(step.region);
  for (int input : step.inputs) h = h * 1000003u + static_cast<std::size_t>(input);
  return h;
}

bool equal(const Step& a, const Step& b) {
  return a.op == b.op && a.region == b.region && a.keeps_precision == b.keeps_precision &&
         a.inputs == b.inputs && a.epilogue == b.epilogue && a.attributes == b.attributes;
}

}  // namespace

void merge_common_subexpressions(Graph& graph) {
  std::vector<int> same_as(graph.values.size());
  for (std::size_t i = 0; i < same_as.size(); ++i) same_as[i] = static_cast<int>(i);
  const auto renamed = [&](int& value) { value = same_as[static_cast<std::size_t>(value)]; };

  std::unordered_multimap<std::size_t, std::size_t> kept;  // hash -> position in `steps`
  std::vector<Step> steps;
  for (Step& step : graph.steps) {
    std::for_each(step.inputs.begin(), step.inputs.end(), renamed);
    const auto [first, last] = kept.equal_range(hash(step));
    const auto twin =
        std::find_if(first, last, [&](const auto& entry) { return equal(steps[entry.second], step); });
    if (twin == last) {
      kept.emplace(hash(step), steps.size());
      steps.push_back(std::move(step));
      continue;
    }
    const std::vector<int>& outputs = steps[twin->second].outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      same_as[static_cast<std::size_t>(step.outputs[i])] = outputs[i];
    }
  }
  graph.steps = std::move(steps);
  graph.for_each_root(renamed);
}

}  // namespace retrograd::plan
