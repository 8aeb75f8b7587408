// Variable: a leaf whose storage outlives a plan. Parameters, optimizer moments, the random counter and the
// step count are Variables; the set of them is the training state.
#pragma once

#include <retrograd/array.h>

#include <memory>
#include <string>

namespace retrograd {

struct VariableState;

// A handle: copies share the state. Inside a trace (see compile) reads give the value at the step's start,
// and set_next() records the value after it.
class Variable {
 public:
  Variable() = default;
  // Takes the value of a data leaf (Array::from and the like); a value that would have to be computed first
  // is an Error(argument): eval() it.
  explicit Variable(const Array& initial, std::string name = "");

  bool empty() const { return state_ == nullptr; }
  const TensorType& type() const;
  const Shape& shape() const { return type().shape; }
  DType dtype() const { return type().dtype; }
  std::int64_t size() const { return shape().size(); }
  const std::string& name() const;
  void set_name(std::string name);
  // A frozen variable is a parameter that an optimizer leaves alone.
  bool trainable() const;
  void set_trainable(bool trainable);

  // The value as a leaf of the graph. Outside a trace the leaf keeps the value that the variable has now.
  Array read() const;
  operator Array() const { return read(); }  // NOLINT: meant to be implicit

  // Inside a trace: the value after this step. Throws Error(argument) outside one, and for a second call
  // whose value does not build on next(); Error(shape) or Error(dtype) where the type differs.
  void set_next(const Array& value) const;
  // The pending value inside a trace, else the value at the step's start.
  Array next() const;

  // Outside a trace: replaces the value by that of a data leaf of the same type.
  void assign(const Array& value) const;

  // The elements as they are now, row-major; holding the buffer keeps them from being overwritten.
  std::shared_ptr<const Buffer> snapshot() const;

  const std::shared_ptr<VariableState>& state() const { return state_; }
  bool same_as(const Variable& other) const { return state_ == other.state_; }

 private:
  std::shared_ptr<VariableState> state_;
};

}  // namespace retrograd
