// Closing a traced body over what it reads from outside.
#include <retrograd/ops.h>

#include <algorithm>

#include "array/trace_state.h"
#include "autodiff/loop.h"

namespace retrograd::ops {
extern const OpDef uniform_op;
}

namespace retrograd::autodiff {

std::uint64_t id_of_now() { return NodePtr(new Node)->id; }

// The nodes to copy, oldest first.
std::vector<Node*> Closing::inside(std::span<const Array> roots) const {
  return reachable(roots, [&](const Array& array) { return !replaces(array) && !is_outside(*array.node()); });
}

std::vector<Array> Closing::close(std::span<const Array> roots) {
  for (const Node* node : inside(roots)) copy(*node);
  std::vector<Array> closed;
  for (const Array& root : roots) closed.push_back(stand_in(root));
  return closed;
}

Array Closing::stand_in(const Array& array) {
  const auto found = stand_ins_.find(key(array));
  if (found != stand_ins_.end()) return found->second;
  captured_.push_back(array);
  placeholders_.push_back(make_placeholder(array.type(), static_cast<int>(placeholders_.size())));
  replace(array, placeholders_.back());
  return placeholders_.back();
}

// The counter of a random op in one step of the loop.
Array Closing::moved(const Array& counter) {
  const auto found = std::find_if(placeholders_.begin(), placeholders_.end(),
                                  [&](const Array& placeholder) { return placeholder.same_as(counter); });
  const auto position = static_cast<std::size_t>(found - placeholders_.begin());
  const bool is_new = std::find(counters_.begin(), counters_.end(), position) == counters_.end();
  if (found != placeholders_.end() && is_new) counters_.push_back(position);
  return add(counter, offset_);
}

void Closing::copy(const Node& node) {
  std::vector<Array> inputs;
  for (const Array& input : node.inputs) inputs.push_back(stand_in(input));
  if (!offset_.empty() && node.op == &ops::uniform_op) {
    inputs[0] = moved(inputs[0]);
    draws_ = std::max<std::int64_t>(draws_, 1);
  }
  if (!offset_.empty() && node.loop != nullptr) {
    for (std::size_t i : node.loop->counters) inputs[i] = moved(inputs[i]);
    draws_ = std::max(draws_, node.loop->draws);
  }
  NodePtr made(new Node);
  made->op = node.op;
  made->attributes = node.attributes;
  made->inputs = std::move(inputs);
  for (const Output& output : node.outputs) made->outputs.push_back({output.type, nullptr});
  made->scope = node.scope;
  made->segment = node.segment == current_segment() ? nullptr : node.segment;
  made->region = node.region;
  made->loop = node.loop;
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i) {
    stand_ins_.try_emplace({&node, i}, Array(made, i));
  }
}

}  // namespace retrograd::autodiff
