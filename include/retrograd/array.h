// Array: a value in an expression graph. Calling an op makes a node and computes nothing; item(), to_vector()
// and eval() run a plan. The ops are in <retrograd/ops.h>, state that outlives a plan in
// <retrograd/variable.h>.
#pragma once

#include <retrograd/dtype.h>
#include <retrograd/shape.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retrograd {

class Buffer;
struct Node;

// dtype and shape of one value.
struct TensorType {
  DType dtype = DType::f32;
  Shape shape;
  bool operator==(const TensorType&) const = default;
  // "f32[2, 3]"
  std::string to_string() const;
};

// A counted reference to a node. Dropping the last reference to a long chain of nodes uses no recursion.
class NodePtr {
 public:
  NodePtr() = default;
  explicit NodePtr(Node* node);  // takes a new reference
  NodePtr(const NodePtr& other) : NodePtr(other.node_) {}
  NodePtr(NodePtr&& other) noexcept : node_(other.node_) { other.node_ = nullptr; }
  NodePtr& operator=(NodePtr other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~NodePtr();

  Node* get() const { return node_; }
  Node* operator->() const { return node_; }
  Node& operator*() const { return *node_; }
  explicit operator bool() const { return node_ != nullptr; }
  // Gives the reference away without dropping it.
  Node* release() {
    Node* node = node_;
    node_ = nullptr;
    return node;
  }

 private:
  Node* node_ = nullptr;
};

// A handle: copying it shares the value. A default-made Array is empty; using one in an op is an
// Error(argument).
class Array {
 public:
  Array() = default;
  Array(NodePtr node, int output) : node_(std::move(node)), output_(output) {}

  // Copies row-major `values` into a new array. Throws Error(shape) where their number is not shape.size().
  static Array from(std::span<const float> values, const Shape& shape);
  static Array from(std::span<const double> values, const Shape& shape);
  static Array from(std::span<const std::int32_t> values, const Shape& shape);
  static Array from(std::span<const std::int64_t> values, const Shape& shape);
  static Array from(std::span<const std::uint8_t> values, const Shape& shape);
  // Rank 1: Array::of({1, 2, 3}) in f32.
  static Array of(std::initializer_list<float> values);
  // Wraps row-major storage without a copy. Throws Error(shape) where it is too small.
  static Array from_buffer(std::shared_ptr<Buffer> buffer, const Shape& shape, DType dtype);

  bool empty() const { return !node_; }
  const TensorType& type() const;
  const Shape& shape() const { return type().shape; }
  DType dtype() const { return type().dtype; }
  int rank() const { return shape().rank(); }
  std::int64_t size() const { return shape().size(); }

  // The value of a one-element array, converted to T (float, double, std::int32_t, std::int64_t, bool).
  // Runs a plan where the value is not known yet. Throws Error(shape) for more elements than one.
  template <typename T>
  T item() const;

  // The elements in row-major order, converted to T (float, double, std::int32_t, std::int64_t,
  // std::uint8_t).
  template <typename T>
  std::vector<T> to_vector() const;

  // Nested brackets, long axes shortened: "[[1, 2], [3, 4]] f32[2, 2]".
  std::string to_string() const;

  const NodePtr& node() const { return node_; }
  NodePtr take() && { return std::move(node_); }
  int output() const { return output_; }
  // The same node and output: the identity that `gradients` goes by.
  bool same_as(const Array& other) const {
    return node_.get() == other.node_.get() && output_ == other.output_;
  }

 private:
  NodePtr node_;
  int output_ = 0;
};

}  // namespace retrograd
