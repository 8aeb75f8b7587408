// A reduction at the end of a chain: what an element-wise step makes is reduced while it lies in the cache,
// and is not stored where nobody else reads it. Which reductions can be is said by their kernels
// (KernelDef::ends).
#include <algorithm>

#include "core/attributes/reduce.h"
#include "plan/kernel_choice.h"
#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

// All axes, the first ones or the last ones; ascending.
bool is_at_one_end(const std::vector<std::int64_t>& axes, int rank) {
  if (axes.empty()) return false;
  const auto count = static_cast<std::int64_t>(axes.size());
  const bool consecutive = axes.back() - axes.front() == count - 1;
  return consecutive && (axes.front() == 0 || axes.back() == rank - 1);
}

class ReductionFuser {
 public:
  explicit ReductionFuser(Graph& graph)
      : graph_(graph), uses_(graph.values.size(), 0), maker_(graph.values.size(), -1) {
    for (const Step& step : graph.steps) {
      for (int input : step.inputs) ++uses_[index(graph.base(input))];
    }
    graph.for_each_root([&](int& value) { ++uses_[index(graph.base(value))]; });
  }

  void run() {
    for (std::size_t s = 0; s < graph_.steps.size(); ++s) {
      if (join_maker(graph_.steps[s])) {
        graph_.steps[s].op = nullptr;
        continue;
      }
      for (int output : graph_.steps[s].outputs) maker_[index(output)] = static_cast<int>(s);
    }
    std::erase_if(graph_.steps, [](const Step& step) { return step.op == nullptr; });
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  bool may_end(const Step& step) const {
    if (step.inputs.size() != 1 || step.outputs.size() != 1 || !step.epilogue.empty() || !step.chain.empty())
      return false;
    const kernels::KernelDef* kernel = find_kernel(make_call(graph_, step), Backends::all);
    return kernel != nullptr && kernel->ends;
  }

  // A step with links: the chain that it is, or one of its own op; empty where it is neither.
  Step as_chain(const Step& step) const {
    if (!step.chain.empty()) return step;
    if (!step.op->traits.elementwise || step.outputs.size() != 1 || !step.epilogue.empty()) return {};
    const kernels::KernelDef* kernel = find_kernel(make_call(graph_, step), Backends::all);
    if (kernel == nullptr || !kernel->links) return {};
    Step chain{.op = step.op,
               .inputs = step.inputs,
               .outputs = step.outputs,
               .scope = step.scope,
               .region = step.region};
    Link link{.op = step.op, .operands = {}, .result = step.outputs[0]};
    for (std::size_t i = 0; i < step.inputs.size(); ++i) link.operands.push_back(static_cast<int>(i));
    chain.chain.push_back(link);
    return chain;
  }

  // Turns the maker of the step's input into one that makes the step's output too, where that is possible.
  bool join_maker(const Step& step) {
    if (!may_end(step)) return false;
    const Value& input = graph_.value(step.inputs[0]);
    const Value& base = graph_.value(input.base);
    const int maker = maker_[index(input.base)];
    const bool is_whole = input.layout.is_contiguous() && input.layout.offset == 0 &&
                          input.type.shape.size() == base.type.shape.size();
    if (maker < 0 || !is_whole || !may_join(step, graph_.steps[index(maker)]) ||
        !is_at_one_end(step.attributes.as<attributes::Reduce>().axes, input.type.shape.rank()))
      return false;
    Step chain = as_chain(graph_.steps[index(maker)]);
    if (chain.chain.empty() || chain.end.op != nullptr) return false;
    const auto link = std::find_if(chain.chain.begin(), chain.chain.end(),
                                   [&](const Link& l) { return l.result == input.base; });
    chain.end = {.op = step.op,
                 .attributes = step.attributes,
                 .link = static_cast<int>(link - chain.chain.begin()),
                 .shape = input.type.shape,
                 .result = step.outputs[0]};
    if (uses_[index(input.base)] == 1) std::erase(chain.outputs, input.base);
    chain.outputs.push_back(step.outputs[0]);
    if (!is_fast(find_kernel(make_call(graph_, chain), Backends::all))) return false;
    graph_.steps[index(maker)] = std::move(chain);
    maker_[index(step.outputs[0])] = maker;
    return true;
  }

  Graph& graph_;
  std::vector<int> uses_;   // of each base value, by steps and roots
  std::vector<int> maker_;  // the step that makes a value, -1: none
};

}  // namespace

void fuse_reductions(Graph& graph) { ReductionFuser(graph).run(); }

}  // namespace retrograd::plan
