// The kernel of an op that a program defines itself: a function of typed, row-major operands, named in the
// field `kernel` of the op's definition (<retrograd/op.h>). examples/own_op is a whole one.
#pragma once

#include <retrograd/attributes.h>
#include <retrograd/dtype.h>
#include <retrograd/shape.h>

#include <cstddef>
#include <span>

namespace retrograd {

// One operand of a call: its elements lie row-major, whatever the layout was where it was made.
struct KernelOperand {
  Shape shape;
  DType dtype = DType::f32;
  void* data = nullptr;  // null: an output that nobody uses
};

class KernelArgs {
 public:
  KernelArgs(std::span<const KernelOperand> inputs, std::span<const KernelOperand> outputs,
             const Attributes& attributes)
      : inputs_(inputs), outputs_(outputs), attributes_(attributes) {}

  std::size_t inputs() const { return inputs_.size(); }
  std::size_t outputs() const { return outputs_.size(); }
  const Shape& in_shape(std::size_t i = 0) const { return inputs_[i].shape; }
  const Shape& out_shape(std::size_t i = 0) const { return outputs_[i].shape; }
  DType in_dtype(std::size_t i = 0) const { return inputs_[i].dtype; }
  DType out_dtype(std::size_t i = 0) const { return outputs_[i].dtype; }

  // All elements of input i; none where its dtype is not that of T.
  template <typename T>
  std::span<const T> in(std::size_t i = 0) const {
    return elements<const T>(inputs_[i], dtype_of<T>);
  }
  // All elements of output i, to be written; none where its dtype is not that of T or nobody uses it.
  template <typename T>
  std::span<T> out(std::size_t i = 0) const {
    return elements<T>(outputs_[i], dtype_of<T>);
  }

  // What the op was called with; as<T>() of it with the struct that it was called with.
  const Attributes& attributes() const { return attributes_; }

 private:
  template <typename T>
  static std::span<T> elements(const KernelOperand& operand, DType dtype) {
    if (operand.data == nullptr || operand.dtype != dtype) return {};
    return {static_cast<T*>(operand.data), static_cast<std::size_t>(operand.shape.size())};
  }

  std::span<const KernelOperand> inputs_;
  std::span<const KernelOperand> outputs_;
  const Attributes& attributes_;
};

// Runs on one thread at a time, in the order of the plan, and must not throw; inputs and outputs never
// overlap. It should give the same bits for the same inputs.
using KernelFunction = void (*)(const KernelArgs&) noexcept;

}  // namespace retrograd
