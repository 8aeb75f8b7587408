// Element-wise fusion. Groups grow along the edges from maker to reader; a group is kept free of cycles: no
// step outside may depend on a member while another member depends on it.
#include <algorithm>
#include <numeric>

#include "core/fail.h"
#include "plan/kernel_choice.h"
#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

constexpr std::size_t most_links = 24;
constexpr std::size_t most_steps = 4096;  // of a graph: the sets below take steps^2 bits

// A set of steps.
class StepSet {
 public:
  explicit StepSet(std::size_t steps) : words_((steps + 63) / 64, 0) {}
  void add(std::size_t step) { words_[step / 64] |= std::uint64_t{1} << step % 64; }
  bool has(std::size_t step) const { return (words_[step / 64] >> step % 64 & 1) != 0; }
  void unite(const StepSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  bool meets(const StepSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }

 private:
  std::vector<std::uint64_t> words_;
};

class ChainFuser {
 public:
  explicit ChainFuser(Graph& graph)
      : graph_(graph), count_(graph.steps.size()), maker_(graph.values.size(), -1), group_(count_, -1) {}

  void run() {
    find_makers();
    for (std::size_t s = 0; s < count_; ++s) {
      if (!may_link(graph_.steps[s])) continue;
      group_[s] = static_cast<int>(members_.size());
      members_.push_back({s});
      join_makers(s);
    }
    rebuild();
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  void find_makers() {
    for (std::size_t s = 0; s < count_; ++s) {
      StepSet before(count_);
      for (int input : graph_.steps[s].inputs) {
        const int maker = maker_[index(graph_.base(input))];
        if (maker < 0) continue;
        before.add(index(maker));
        before.unite(ancestors_[index(maker)]);
      }
      ancestors_.push_back(std::move(before));
      for (int output : graph_.steps[s].outputs) maker_[index(output)] = static_cast<int>(s);
    }
  }

  bool may_link(const Step& step) const {
    if (!step.op->traits.elementwise || !step.epilogue.empty() || step.outputs.size() != 1) return false;
    const kernels::KernelDef* kernel = find_kernel(make_call(graph_, step), Backends::all);
    return kernel != nullptr && kernel->links;
  }

  const Shape& shape_of(std::size_t s) const { return graph_.value(graph_.steps[s].outputs[0]).type.shape; }

  // Joins step s with the groups that make its inputs, one after the other.
  void join_makers(std::size_t s) {
    for (int input : graph_.steps[s].inputs) {
      const int maker = graph_.base(input) == input ? maker_[index(input)] : -1;
      if (maker < 0 || group_[index(maker)] < 0 || group_[index(maker)] == group_[s]) continue;
      if (shape_of(index(maker)) != shape_of(s)) continue;
      if (!may_join(graph_.steps[s], graph_.steps[index(maker)])) continue;
      std::vector<std::size_t> joined = members_[index(group_[index(maker)])];
      const std::vector<std::size_t>& own = members_[index(group_[s])];
      joined.insert(joined.end(), own.begin(), own.end());
      std::sort(joined.begin(), joined.end());
      if (joined.size() > most_links || has_cycle(joined)) continue;
      share_ancestors(joined);
      members_[index(group_[index(maker)])].clear();
      for (std::size_t member : joined) group_[member] = group_[s];
      members_[index(group_[s])] = std::move(joined);
    }
  }

  bool has_cycle(const std::vector<std::size_t>& members) const {
    StepSet inside(count_);
    StepSet before(count_);
    for (std::size_t member : members) {
      inside.add(member);
      before.unite(ancestors_[member]);
    }
    for (std::size_t s = 0; s < count_; ++s) {
      if (!inside.has(s) && before.has(s) && ancestors_[s].meets(inside)) return true;
    }
    return false;
  }

  // The members run as one: who depends on one of them depends on all, and on what they depend on.
  void share_ancestors(const std::vector<std::size_t>& members) {
    StepSet inside(count_);
    StepSet all(count_);
    for (std::size_t member : members) {
      inside.add(member);
      all.add(member);
      all.unite(ancestors_[member]);
    }
    for (std::size_t s = 0; s < count_; ++s) {
      if (inside.has(s) || ancestors_[s].meets(inside)) ancestors_[s].unite(all);
    }
  }

  // The values that are needed outside of the steps that make them.
  std::vector<bool> visible_values() {
    std::vector<bool> visible(graph_.values.size(), false);
    graph_.for_each_root([&](int& value) { visible[index(graph_.base(value))] = true; });
    for (std::size_t s = 0; s < count_; ++s) {
      for (int input : graph_.steps[s].inputs) {
        const int base = graph_.base(input);
        const int maker = maker_[index(base)];
        const bool inside =
            input == base && maker >= 0 && group_[s] >= 0 && group_[index(maker)] == group_[s];
        if (!inside) visible[index(base)] = true;
      }
    }
    return visible;
  }

  Step chain_of(const std::vector<std::size_t>& members, const std::vector<bool>& visible) const {
    const Step& last = graph_.steps[members.back()];
    Step chain{.op = last.op, .scope = last.scope, .region = last.region};
    for (std::size_t member : members) {
      const Step& step = graph_.steps[member];
      Link link{.op = step.op, .operands = {}, .result = step.outputs[0]};
      for (int input : step.inputs) link.operands.push_back(operand(chain, input));
      if (visible[index(link.result)]) chain.outputs.push_back(link.result);
      chain.chain.push_back(std::move(link));
    }
    return chain;
  }

  // The link that makes `value`, else its place among the chain's inputs, where it is added if need be.
  static int operand(Step& chain, int value) {
    for (std::size_t k = 0; k < chain.chain.size(); ++k) {
      if (chain.chain[k].result == value) return -1 - static_cast<int>(k);
    }
    const auto found = std::find(chain.inputs.begin(), chain.inputs.end(), value);
    const int place = static_cast<int>(found - chain.inputs.begin());
    if (found == chain.inputs.end()) chain.inputs.push_back(value);
    return place;
  }

  void rebuild() {
    const std::vector<bool> visible = visible_values();
    std::vector<Step> steps;
    for (std::size_t s = 0; s < count_; ++s) {
      const bool grouped = group_[s] >= 0 && members_[index(group_[s])].size() > 1;
      if (!grouped) {
        steps.push_back(graph_.steps[s]);
        continue;
      }
      const std::vector<std::size_t>& members = members_[index(group_[s])];
      if (s != members.back()) continue;
      Step chain = chain_of(members, visible);
      if (is_fast(find_kernel(make_call(graph_, chain), Backends::all))) {
        steps.push_back(std::move(chain));
      } else {
        for (std::size_t member : members) steps.push_back(graph_.steps[member]);
      }
    }
    graph_.steps = std::move(steps);
    restore_order();
  }

  // A chain stands where its last link stood; steps that use an earlier link's result move behind it.
  void restore_order() {
    std::vector<bool> made(graph_.values.size(), true);
    for (const Step& step : graph_.steps) {
      for (int output : step.outputs) made[index(output)] = false;
    }
    std::vector<Step> ordered;
    std::vector<Step> waiting = std::move(graph_.steps);
    while (!waiting.empty()) {
      std::vector<Step> later;
      for (Step& step : waiting) {
        const bool ready = std::all_of(step.inputs.begin(), step.inputs.end(),
                                       [&](int input) { return made[index(graph_.base(input))]; });
        if (!ready) {
          later.push_back(std::move(step));
          continue;
        }
        for (int output : step.outputs) made[index(output)] = true;
        ordered.push_back(std::move(step));
      }
      require(later.size() < waiting.size(), "the steps of fused chains wait for one another");
      waiting = std::move(later);
    }
    graph_.steps = std::move(ordered);
  }

  Graph& graph_;
  const std::size_t count_;
  std::vector<int> maker_;                         // the step that makes a value, -1: none
  std::vector<StepSet> ancestors_;                 // of each step
  std::vector<int> group_;                         // of each step, -1: not element-wise
  std::vector<std::vector<std::size_t>> members_;  // of each group, ascending
};

}  // namespace

void fuse_chains(Graph& graph) {
  if (graph.steps.size() <= most_steps) ChainFuser(graph).run();
}

}  // namespace retrograd::plan
