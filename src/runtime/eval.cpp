// eval: leaves become the plan's inputs, so that one plan serves all graphs of its structure.
#include <retrograd/eval.h>

#include <algorithm>

#include "array/node.h"
#include "core/fail.h"
#include "runtime/fault_message.h"
#include "runtime/plan_cache.h"
#include "runtime/plan_mode.h"

namespace retrograd {
namespace {

runtime::PlanCache& cache() {
  static runtime::PlanCache plans;
  return plans;
}

// All outputs of the nodes whose values are not known, each node once.
std::vector<Array> pending(std::span<const Array> arrays) {
  std::vector<Array> roots;
  std::vector<const Node*> seen;
  for (const Array& array : arrays) {
    if (array.empty()) fail(ErrorKind::argument, "eval: an array is empty");
    Node* node = array.node().get();
    if (node->has_value() || std::find(seen.begin(), seen.end(), node) != seen.end()) continue;
    seen.push_back(node);
    for (int i = 0; i < static_cast<int>(node->outputs.size()); ++i) roots.emplace_back(array.node(), i);
  }
  return roots;
}

std::unique_ptr<runtime::Execution> execution_for(const runtime::GraphKey& key, std::span<const Array> leaves,
                                                  std::span<const Array> roots) {
  if (std::unique_ptr<runtime::Execution> kept = cache().take(key)) return kept;
  const plan::PlanOptions options{.plain = runtime::plain_plans()};
  return std::make_unique<runtime::Execution>(plan::make_plan(leaves, roots, {}, options));
}

void store(std::span<const Array> roots, const std::vector<BufferPtr>& values) {
  for (std::size_t i = 0; i < roots.size(); ++i) {
    roots[i].node()->outputs[static_cast<std::size_t>(roots[i].output())].value = values[i];
  }
  for (const Array& root : roots) {
    Node& node = *root.node();
    const std::vector<Array> cut = std::move(node.inputs);
    node.inputs.clear();
    node.op = nullptr;
    node.attributes = {};
    node.loop = nullptr;
  }
}

}  // namespace

void eval(std::span<const Array> arrays) {
  const std::vector<Array> roots = pending(arrays);
  if (roots.empty()) return;
  std::vector<Array> leaves;
  const runtime::GraphKey key = runtime::key_of(roots, leaves);
  for (const Array& leaf : leaves) {
    if (!leaf.node()->has_value()) {
      fail(ErrorKind::argument,
           "eval: the value of an argument of a compiled function is not known while it is traced; return "
           "the array "
           "instead");
    }
  }
  std::unique_ptr<runtime::Execution> execution = execution_for(key, leaves, roots);
  std::vector<BufferPtr> inputs;
  for (const Array& leaf : leaves) {
    inputs.push_back(leaf.node()->outputs[static_cast<std::size_t>(leaf.output())].value);
  }
  std::vector<BufferPtr> values;
  for (const Array& root : roots) {
    values.push_back(std::make_shared<Buffer>(static_cast<std::size_t>(root.size()) * size_of(root.dtype())));
  }
  const runtime::FoundFault fault = execution->run(inputs, values);
  if (fault.step != nullptr) runtime::throw_fault(fault);
  cache().put(key, std::move(execution));
  store(roots, values);
}

void eval(std::initializer_list<Array> arrays) {
  eval(std::span<const Array>(arrays.begin(), arrays.size()));
}

CacheCounts eval_cache() { return cache().counts(); }

}  // namespace retrograd
