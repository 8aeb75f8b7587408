// Bias, activation and other element-wise ops on the way out of the step before, by the trait
// `takes_epilogue`. Every kernel that takes an epilogue takes bias and activation (the trait `epilogue`);
// what else one takes says KernelDef::takes_operands.
#include "plan/kernel_choice.h"
#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

// The same row for every sample: the last axis is contiguous or of one element, all others repeat.
bool is_row(const Layout& layout) {
  for (int axis = 0; axis < layout.shape.rank(); ++axis) {
    const std::int64_t stride = layout.strides[static_cast<std::size_t>(axis)];
    const bool last = axis == layout.shape.rank() - 1;
    if (layout.shape[axis] > 1 && stride != (last ? 1 : 0)) return false;
  }
  return true;
}

class Fuser {
 public:
  explicit Fuser(Graph& graph)
      : graph_(graph),
        uses_(count_uses(graph)),
        maker_(graph.values.size(), -1),
        viewed_(graph.values.size()) {
    for (std::size_t i = 0; i < graph.values.size(); ++i) {
      const int base = graph.values[i].base;
      if (base != static_cast<int>(i) && uses_[i] > 0) viewed_[index(base)] = true;
    }
  }

  void run() {
    for (std::size_t i = 0; i < graph_.steps.size(); ++i) {
      absorb_producer_into(graph_.steps[i]);
      if (graph_.steps[i].op == nullptr) continue;
      for (int output : graph_.steps[i].outputs) maker_[index(output)] = static_cast<int>(i);
    }
    std::erase_if(graph_.steps, [](const Step& step) { return step.op == nullptr; });
  }

 private:
  static std::size_t index(int value) { return static_cast<std::size_t>(value); }

  // The step that makes `value` for one reader alone and can take an epilogue.
  Step* producer(int value) {
    if (graph_.base(value) != value || uses_[index(value)] != 1 || maker_[index(value)] < 0) return nullptr;
    Step& step = graph_.steps[index(maker_[index(value)])];
    if (!step.op->traits.takes_epilogue || step.outputs[0] != value || viewed_[index(value)]) return nullptr;
    return &step;
  }

  // Is this what every kernel that takes an epilogue takes?
  bool is_bias_or_activation(const Step& step, std::size_t at) const {
    const EpilogueRole role = step.op->traits.epilogue;
    return role == EpilogueRole::activation ||
           (role == EpilogueRole::bias && is_row(graph_.value(step.inputs[1 - at]).layout));
  }

  // A lone element-wise value is left to the chain that this step would join it in.
  bool is_made_for_this(int value) const {
    const int maker = graph_.base(value) == value ? maker_[index(value)] : -1;
    return maker >= 0 && uses_[index(value)] == 1 && graph_.steps[index(maker)].op->traits.elementwise &&
           graph_.steps[index(maker)].epilogue.empty();
  }

  bool may_be_a_stage(const Step& step, std::size_t at) const {
    if (!step.op->traits.elementwise || step.inputs.size() > 2 || step.outputs.size() != 1) return false;
    if (graph_.value(step.inputs[at]).type != graph_.value(step.outputs[0]).type) return false;
    if (step.inputs.size() == 2 && is_made_for_this(step.inputs[1 - at])) return false;
    const kernels::KernelDef* kernel = find_kernel(make_call(graph_, step), Backends::all);
    return kernel != nullptr && kernel->links;
  }

  // Turns `step` into its producer with one stage more, where that is possible. A producer with other outputs
  // takes the stage where it stands, since those may be read in between, and `step` is dropped.
  void absorb_producer_into(Step& step) {
    if (!step.op->traits.elementwise) return;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      Step* made_by = producer(step.inputs[i]);
      if (made_by == nullptr) continue;
      const bool is_simple = is_bias_or_activation(step, i);
      if (!is_simple && !may_be_a_stage(step, i)) continue;
      const bool stays = made_by->outputs.size() > 1;
      if (stays && step.inputs.size() > 1) continue;  // the other operand may be made in between
      Step fused = *made_by;
      fused.outputs[0] = step.outputs[0];
      fused.epilogue.push_back({.op = step.op});
      if (step.inputs.size() == 2) {
        fused.epilogue.back().operand = static_cast<int>(fused.inputs.size());
        fused.epilogue.back().second = i == 1 && !step.op->traits.commutative;
        fused.inputs.push_back(step.inputs[1 - i]);
      }
      const kernels::KernelDef* kernel = find_kernel(make_call(graph_, fused), Backends::all);
      if (!is_fast(kernel) || !(is_simple || kernel->takes_operands)) continue;
      if (stays) {
        maker_[index(fused.outputs[0])] = maker_[index(step.inputs[i])];
        *made_by = std::move(fused);
        step.op = nullptr;
        return;
      }
      made_by->op = nullptr;
      step = std::move(fused);
      return;
    }
  }

  Graph& graph_;
  std::vector<int> uses_;
  std::vector<int> maker_;    // position of the step that makes a value, -1: not a step
  std::vector<bool> viewed_;  // whether a view lies on a value
};

}  // namespace

void fuse_epilogues(Graph& graph) { Fuser(graph).run(); }

}  // namespace retrograd::plan
