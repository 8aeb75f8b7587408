// Checks the laws that every pass must keep.
#include "plan/verify.h"

#include <algorithm>

#include "core/fail.h"

namespace retrograd::plan {
namespace {

class Verifier {
 public:
  Verifier(const Graph& graph, const char* after)
      : graph_(graph), after_(after), defined_(graph.values.size(), false) {}

  void run() {
    for (int input : graph_.inputs) defined_[index(input)] = true;
    for (const VariableSlot& variable : graph_.variables) {
      if (variable.read >= 0) define(variable.read);
    }
    for (const DataSlot& data : graph_.data) define(data.value);
    for (const Step& step : graph_.steps) check(step);
    for (int output : graph_.outputs) use(output);
    for (const VariableSlot& variable : graph_.variables) {
      if (variable.next < 0) continue;
      use(variable.next);
      law(graph_.value(variable.next).type == variable.state->type,
          "an update has another type than its variable");
    }
  }

 private:
  static std::size_t index(int value) { return static_cast<std::size_t>(value); }

  void law(bool holds, const char* what) const {
    if (!holds) fail(ErrorKind::internal, "internal: after {}: {}", after_, what);
  }

  void define(int value) {
    law(value >= 0 && index(value) < graph_.values.size(), "a value has no entry");
    law(!defined_[index(value)], "a value is made twice");
    law(graph_.base(value) == value, "a value that is made is a view");
    defined_[index(value)] = true;
  }

  void use(int value) const {
    law(value >= 0 && index(value) < graph_.values.size(), "a value that is used has no entry");
    law(defined_[index(graph_.base(value))], "a value is used before it is made");
    check_view(graph_.value(value));
  }

  // The lowest and the highest element that a view reaches lie inside its base; strides may be negative.
  void check_view(const Value& value) const {
    std::int64_t lowest = value.layout.offset;
    std::int64_t highest = value.layout.offset;
    for (int axis = 0; axis < value.layout.shape.rank(); ++axis) {
      if (value.layout.shape[axis] == 0) return;
      const std::int64_t reach =
          (value.layout.shape[axis] - 1) * value.layout.strides[static_cast<std::size_t>(axis)];
      (reach < 0 ? lowest : highest) += reach;
    }
    law(value.layout.shape == value.type.shape, "a layout has another shape than its value");
    law(lowest >= 0 && highest < std::max<std::int64_t>(graph_.value(value.base).type.shape.size(), 1),
        "a view reaches beyond its base");
  }

  void check(const Step& step) {
    for (int input : step.inputs) use(input);
    if (step.epilogue.empty() && step.chain.empty()) check_types(step);
    for (int output : step.outputs) define(output);
  }

  // A step whose products are of bf16 numbers has the types of one in f32, apart from its operands.
  TensorType type_for(const Step& step, int input) const {
    TensorType type = graph_.value(input).type;
    const bool sums_in_f32 = step.op->traits.low_precision && !step.outputs.empty() &&
                             graph_.value(step.outputs[0]).type.dtype == DType::f32;
    if (sums_in_f32 && type.dtype == DType::bf16) type.dtype = DType::f32;
    return type;
  }

  void check_types(const Step& step) const {
    std::vector<TensorType> types;
    for (int input : step.inputs) types.push_back(type_for(step, input));
    const std::vector<TensorType> expected = step.op->shape({*step.op, types, step.attributes});
    law(expected.size() == step.outputs.size(), "a step has not its op's number of outputs");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      law(expected[i] == graph_.value(step.outputs[i]).type,
          "an output has not the type of its op's shape rule");
    }
  }

  const Graph& graph_;
  const char* after_;
  std::vector<bool> defined_;
};

}  // namespace

void verify(const Graph& graph, const char* after) { Verifier(graph, after).run(); }

}  // namespace retrograd::plan
