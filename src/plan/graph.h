// The graph that the passes rewrite: values and steps in numbered lists, free of Arrays. A Plan is made of it
// at the end (plan.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "array/node.h"
#include "array/variable_state.h"
#include "core/layout.h"

namespace retrograd::plan {

struct LoopPlan;

// A value lies in the storage of `base`: its own, or that of the value it is a view of.
struct Value {
  TensorType type;
  Layout layout;
  int base = -1;
};

// An element-wise op absorbed by a step; `operand` is the position among the step's inputs, or -1.
struct Stage {
  const OpDef* op = nullptr;
  int operand = -1;
  bool second = false;  // the step's own result is the op's second operand
  bool operator==(const Stage&) const = default;
};

// One of several element-wise ops that a step computes together.
struct Link {
  const OpDef* op = nullptr;
  std::vector<int> operands;  // i >= 0: input i of the step; i < 0: the result of link -1 - i
  int result = -1;            // the value that it makes
  bool operator==(const Link&) const = default;
};

// The reduction of one link's result at a chain's end, made with it. The result is seen as `shape`, of as
// many elements.
struct End {
  const OpDef* op = nullptr;  // null: there is none
  Attributes attributes = {};
  int link = -1;
  Shape shape = {};
  int result = -1;  // the value that it makes
};

struct Step {
  const OpDef* op = nullptr;  // of a chain: that of its last link
  Attributes attributes = {};
  std::vector<int> inputs = {};   // values
  std::vector<int> outputs = {};  // values
  std::vector<Stage> epilogue = {};
  std::vector<Link> chain = {};  // links whose result is among the outputs are visible outside
  End end = {};                  // of the chain
  std::shared_ptr<const std::string> scope = nullptr;
  std::uint64_t region = 0;  // Node::region
  // Is part of the definition of a composite that has not the trait low_precision.
  bool keeps_precision = false;
  std::shared_ptr<const Loop> loop = nullptr;           // Node::loop
  std::shared_ptr<const LoopPlan> loop_plan = nullptr;  // of a loop, once it is planned
};

// May `user` run as one with `maker`, which makes an input of it? A recomputation stays behind what it is
// made of, which was there long before: together they would be computed early, and kept.
inline bool may_join(const Step& user, const Step& maker) {
  return user.region == 0 || user.region == maker.region;
}

struct VariableSlot {
  std::shared_ptr<VariableState> state;
  int read = -1;  // the value at the step's start, -1 where it is not read
  int next = -1;  // the value after the step, -1 where it is not updated
};

struct DataSlot {
  BufferPtr buffer;
  int value = -1;
};

struct Graph {
  std::vector<Value> values;
  std::vector<Step> steps;  // in an order in which they can run
  std::vector<int> inputs;  // the value of each argument
  std::vector<VariableSlot> variables;
  std::vector<DataSlot> data;
  std::vector<int> outputs;
  std::vector<int> checks;  // results of checks, made even where nobody uses them

  int add_value(const TensorType& type);
  int base(int value) const { return values[static_cast<std::size_t>(value)].base; }
  const Value& value(int id) const { return values[static_cast<std::size_t>(id)]; }
  // Calls f(int& value) for every mention of a value outside the steps: outputs, pending updates.
  template <typename F>
  void for_each_root(F f) {
    for (int& output : outputs) f(output);
    for (int& check : checks) f(check);
    for (VariableSlot& variable : variables) {
      if (variable.next >= 0) f(variable.next);
    }
  }
};

// For each value, the number of steps that read it, and roots count as one each.
std::vector<int> count_uses(const Graph& graph);

}  // namespace retrograd::plan
