// Node: one call of an op, or a leaf. Users hold Arrays; plans and gradients walk nodes.
#pragma once

#include <retrograd/array.h>
#include <retrograd/op.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/buffer.h"

namespace retrograd {

struct Loop;
struct Segment;
struct VariableState;

struct Output {
  TensorType type;
  BufferPtr value;  // row-major, once known
};

// A leaf has no op: it is data (a value), a variable's read (a value, and `variable`), or a placeholder of a
// traced function (`placeholder` >= 0, no value). `id` grows with creation, so that sorting by it is a
// topological order.
struct Node {
  std::atomic<std::uint32_t> references{0};
  int placeholder = -1;
  std::uint64_t id;
  const OpDef* op = nullptr;
  VariableState* variable = nullptr;
  Attributes attributes;
  std::vector<Array> inputs;
  std::vector<Output> outputs;
  std::shared_ptr<const std::string> scope;  // the module that made it, "net/linear_1"; null outside
  std::shared_ptr<const Segment> segment;  // the innermost CheckpointScope that it was made in; null outside
  std::uint64_t region = 0;  // the recomputation that it belongs to; equal nodes of two regions stay two
  std::shared_ptr<const Loop> loop;  // what it runs for each element of sequences (loop.h); null: no loop

  Node();
  bool is_leaf() const { return op == nullptr; }
  bool has_value() const { return !outputs.empty() && outputs[0].value != nullptr; }
};

// A leaf that holds `value`.
Array make_leaf(TensorType type, BufferPtr value);

// Input `index` of a function under trace; it has no value.
Array make_placeholder(TensorType type, int index);

// All nodes that `roots` depend on, inputs before users. (`eval` cuts the inputs of a node when it stores the
// value.)
std::vector<Node*> reachable(std::span<const Array> roots);

// Those that are reached through arrays for which enters(array) is true, roots among them, alone.
template <typename F>
std::vector<Node*> reachable(std::span<const Array> roots, F enters) {
  std::unordered_set<Node*> seen;
  std::vector<Node*> found;
  std::vector<Node*> open;
  const auto visit = [&](const Array& array) {
    Node* node = array.node().get();
    if (node != nullptr && enters(array) && seen.insert(node).second) open.push_back(node);
  };
  for (const Array& root : roots) visit(root);
  while (!open.empty()) {
    Node* node = open.back();
    open.pop_back();
    found.push_back(node);
    for (const Array& input : node->inputs) visit(input);
  }
  std::sort(found.begin(), found.end(), [](const Node* a, const Node* b) { return a->id < b->id; });
  return found;
}

}  // namespace retrograd
