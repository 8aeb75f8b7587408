// Copies of nodes, with an explicit stack; attributes are copied too, so that random numbers are the same.
#include "autodiff/recomputation.h"

#include <algorithm>

namespace retrograd::autodiff {
namespace {

bool lies_in(const Node& node, const Segment* segment) {
  if (node.is_leaf()) return false;
  for (const Segment* at = node.segment.get(); at != nullptr; at = at->outer.get()) {
    if (at == segment) return true;
  }
  return false;
}

}  // namespace

Array Recomputation::again(const Array& value, const std::shared_ptr<const Segment>& segment) {
  if (segment == nullptr) return value;
  Node* node = value.node().get();
  if (!lies_in(*node, segment.get())) return again(value, segment->outer);
  Copies& copies = of_segment_[segment.get()];
  std::vector<Node*> open{node};
  while (!open.empty()) {
    Node* next = open.back();
    const std::size_t before = open.size();
    if (!copies.of_node.contains(next)) {
      for (const Array& input : next->inputs) {
        Node* below = input.node().get();
        if (lies_in(*below, segment.get()) && !copies.of_node.contains(below)) open.push_back(below);
      }
      if (open.size() > before) continue;
      copy(next, segment, copies);
    }
    open.pop_back();
  }
  return Array(copies.of_node.at(node), value.output());
}

std::vector<Array> Recomputation::again(std::span<const Array> values,
                                        const std::shared_ptr<const Segment>& segment) {
  std::vector<Array> result;
  result.reserve(values.size());
  for (const Array& value : values) result.push_back(again(value, segment));
  return result;
}

// The copies of its inputs are there already.
void Recomputation::copy(Node* node, const std::shared_ptr<const Segment>& segment, Copies& copies) {
  const bool is_constant = std::all_of(node->inputs.begin(), node->inputs.end(), [&](const Array& input) {
    return constant_.contains(input.node().get());
  });
  if (is_constant) {
    constant_.insert(node);
    copies.of_node.emplace(node, NodePtr(node));
    return;
  }
  NodePtr made(new Node);
  made->op = node->op;
  made->attributes = node->attributes;
  for (const Array& input : node->inputs) {
    const auto found = copies.of_node.find(input.node().get());
    made->inputs.push_back(found != copies.of_node.end() ? Array(found->second, input.output())
                                                         : again(input, segment->outer));
  }
  for (const Output& output : node->outputs) made->outputs.push_back({output.type, nullptr});
  made->scope = node->scope;
  made->segment = current_segment();
  made->loop = node->loop;
  std::uint64_t& region = copies.region[node->region];
  if (region == 0) region = new_region();
  made->region = region;
  copies.of_node.emplace(node, std::move(made));
}

}  // namespace retrograd::autodiff
