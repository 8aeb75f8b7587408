// One sweep over the graph, from the newest node to the oldest: a node's id is larger than those of its
// inputs, so every cotangent is complete when its node is reached. Not here: the rules of ops, which stand
// with them, and what segments under checkpoint compute again (recomputation.cpp).
#include "autodiff/pull_back.h"

#include <retrograd/ops.h>

#include <unordered_map>
#include <unordered_set>

#include "array/node.h"
#include "array/trace_state.h"
#include "autodiff/recomputation.h"
#include "core/fail.h"

namespace retrograd::autodiff {
namespace {

// The nodes on a path from a target to the outputs, oldest first.
class Path {
 public:
  Path(std::span<const Array> outputs, std::span<const Array> targets, bool stop_at_targets) {
    std::unordered_set<const Node*> ends;
    for (const Array& target : targets) ends.insert(target.node().get());
    for (Node* node : reachable(outputs)) {
      const bool is_end = ends.contains(node);
      if (!is_end && !passes(*node)) continue;
      on_path_.insert(node);
      if (!(is_end && stop_at_targets)) order_.push_back(node);
    }
  }

  bool contains(const Node* node) const { return on_path_.contains(node); }
  const std::vector<Node*>& order() const { return order_; }

 private:
  bool passes(const Node& node) const {
    if (node.is_leaf() || node.op->vjp.is_none()) return false;
    for (const Array& input : node.inputs) {
      if (on_path_.contains(input.node().get()) && is_floating(input.dtype())) return true;
    }
    return false;
  }

  std::unordered_set<const Node*> on_path_;
  std::vector<Node*> order_;
};

class Cotangents {
 public:
  void add(const Array& to, const Array& contribution) {
    if (contribution.empty()) return;
    if (contribution.type() != to.type()) {
      const OpDef* op = to.node()->op;
      fail(ErrorKind::internal, "internal: a cotangent of {} is {} where the value is {}",
           op != nullptr ? op->name : "a leaf", contribution.type().to_string(), to.type().to_string());
    }
    std::vector<Array>& held = of_node_[to.node().get()];
    if (held.empty()) held.resize(to.node()->outputs.size());
    Array& sum = held[static_cast<std::size_t>(to.output())];
    sum = sum.empty() ? contribution : retrograd::add(sum, contribution);
  }

  // Null where nothing arrived.
  const std::vector<Array>* find(const Node* node) const {
    const auto found = of_node_.find(node);
    return found == of_node_.end() ? nullptr : &found->second;
  }

  Array at(const Array& value) const {
    const std::vector<Array>* held = find(value.node().get());
    return held == nullptr ? Array() : (*held)[static_cast<std::size_t>(value.output())];
  }

  void forget(const Node* node) { of_node_.erase(node); }

 private:
  std::unordered_map<const Node*, std::vector<Array>> of_node_;
};

std::vector<Array> outputs_of(Node* node) {
  std::vector<Array> outputs;
  for (int i = 0; i < static_cast<int>(node->outputs.size()); ++i) outputs.emplace_back(NodePtr(node), i);
  return outputs;
}

std::vector<Array> input_cotangents(Node* node, const std::vector<Array>& cotangents,
                                    Recomputation& recomputation) {
  const SameScope scope(node->scope);
  const OpDef& op = *node->op;
  const std::vector<Array> inputs = recomputation.again(node->inputs, node->segment);
  if (op.vjp.is_expansion()) {
    const std::vector<Array> expanded = op.expand({inputs, node->attributes});
    return pull_back(expanded, cotangents, inputs, true);
  }
  const std::vector<Array> outputs = recomputation.again(outputs_of(node), node->segment);
  std::vector<Array> result = op.vjp.rule()({inputs, outputs, cotangents, node->attributes});
  if (result.size() != node->inputs.size()) {
    fail(ErrorKind::internal, "internal: the vjp of {} gave {} cotangents for {} inputs", op.name,
         result.size(), node->inputs.size());
  }
  return result;
}

}  // namespace

std::vector<Array> pull_back(std::span<const Array> outputs, std::span<const Array> cotangents,
                             std::span<const Array> targets, bool stop_at_targets) {
  const Path path(outputs, targets, stop_at_targets);
  std::unordered_set<const Node*> kept;
  for (const Array& target : targets) kept.insert(target.node().get());

  Recomputation recomputation;
  Cotangents sums;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!cotangents[k].empty() && path.contains(outputs[k].node().get())) sums.add(outputs[k], cotangents[k]);
  }
  for (auto node = path.order().rbegin(); node != path.order().rend(); ++node) {
    const std::vector<Array>* arrived = sums.find(*node);
    if (arrived == nullptr || (*node)->is_leaf() || (*node)->op->vjp.is_none()) continue;
    const std::vector<Array> passed = input_cotangents(*node, *arrived, recomputation);
    if (!kept.contains(*node)) sums.forget(*node);
    for (std::size_t i = 0; i < passed.size(); ++i) {
      const Array& input = (*node)->inputs[i];
      if (path.contains(input.node().get()) && is_floating(input.dtype())) sums.add(input, passed[i]);
    }
  }
  std::vector<Array> result;
  result.reserve(targets.size());
  for (const Array& target : targets) result.push_back(sums.at(target));
  return result;
}

}  // namespace retrograd::autodiff
