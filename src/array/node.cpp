// Node life: identity, dropping without recursion, reachability with an explicit stack.
#include "array/node.h"

namespace retrograd {
namespace {

std::atomic<std::uint64_t> next_id{1};

// Takes one reference from `node`; true where it was the last.
bool drop(Node* node) { return node->references.fetch_sub(1, std::memory_order_acq_rel) == 1; }

}  // namespace

Node::Node() : id(next_id.fetch_add(1, std::memory_order_relaxed)) {}

NodePtr::NodePtr(Node* node) : node_(node) {
  if (node_ != nullptr) node_->references.fetch_add(1, std::memory_order_relaxed);
}

NodePtr::~NodePtr() {
  if (node_ == nullptr || !drop(node_)) return;
  if (node_->inputs.empty()) {
    delete node_;
    return;
  }
  std::vector<Node*> dying{node_};
  while (!dying.empty()) {
    Node* node = dying.back();
    dying.pop_back();
    for (Array& input : node->inputs) {
      Node* below = std::move(input).take().release();
      if (below != nullptr && drop(below)) dying.push_back(below);
    }
    delete node;
  }
}

Array make_leaf(TensorType type, BufferPtr value) {
  NodePtr node(new Node);
  node->outputs.push_back({std::move(type), std::move(value)});
  return Array(std::move(node), 0);
}

Array make_placeholder(TensorType type, int index) {
  Array array = make_leaf(std::move(type), nullptr);
  array.node()->placeholder = index;
  return array;
}

std::vector<Node*> reachable(std::span<const Array> roots) {
  return reachable(roots, [](const Array&) { return true; });
}

}  // namespace retrograd
