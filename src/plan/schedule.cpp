// List scheduling with edges from makers to readers, from readers of a variable to its write, and from checks
// to every write.
#include "plan/schedule.h"

#include <algorithm>
#include <queue>

#include "core/fail.h"
#include "plan/loop_plan.h"

namespace retrograd::plan {
namespace {

class Scheduler {
 public:
  Scheduler(const Graph& graph, bool plain) : graph_(graph) {
    const Backends backends = plain ? Backends::reference : Backends::all;
    for (const Step& step : graph.steps) {
      schedule_.call.push_back(make_call(graph, step));
      const kernels::KernelDef* kernel =
          step.loop_plan ? &loop_kernel : find_kernel(schedule_.call.back(), backends);
      if (kernel == nullptr) {
        fail(ErrorKind::internal, "internal: no kernel computes {} here", step.op->name);
      }
      schedule_.kernel.push_back(kernel);
    }
    schedule_.writes_variable.assign(graph.values.size(), -1);
    if (!plain) choose_writes();
  }

  Schedule run() {
    while (!order_steps()) give_up_a_write();
    return std::move(schedule_);
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  std::vector<int> makers() const {
    std::vector<int> maker(graph_.values.size(), -1);
    for (std::size_t s = 0; s < graph_.steps.size(); ++s) {
      for (int output : graph_.steps[s].outputs) maker[index(output)] = static_cast<int>(s);
    }
    return maker;
  }

  // An update can be written in place where a step makes it as a whole value, and where that step, if it
  // reads the variable itself, can overwrite what it reads.
  void choose_writes() {
    const std::vector<int> maker = makers();
    for (std::size_t v = 0; v < graph_.variables.size(); ++v) {
      const VariableSlot& variable = graph_.variables[v];
      if (variable.next < 0 || graph_.base(variable.next) != variable.next) continue;
      const int step = maker[index(variable.next)];
      if (step < 0 || schedule_.writes_variable[index(variable.next)] >= 0) continue;
      if (variable.read >= 0 && is_read_after_the_last_step(variable.read)) continue;
      if (can_overwrite(index(step), variable.read)) {
        schedule_.writes_variable[index(variable.next)] = static_cast<int>(v);
      }
    }
  }

  // Results and updates that are copied see the values at the step's start.
  bool is_read_after_the_last_step(int read) const {
    for (int output : graph_.outputs) {
      if (graph_.base(output) == read) return true;
    }
    for (const VariableSlot& variable : graph_.variables) {
      if (variable.next >= 0 && graph_.base(variable.next) == read) return true;
    }
    return false;
  }

  bool can_overwrite(std::size_t step, int read) const {
    if (read < 0) return true;
    const Step& s = graph_.steps[step];
    const kernels::KernelDef* kernel = schedule_.kernel[step];
    for (std::size_t i = 0; i < s.inputs.size(); ++i) {
      const Value& input = graph_.value(s.inputs[i]);
      if (input.base != read) continue;
      if (kernel->in_place == nullptr || !kernel->in_place(schedule_.call[step], i)) return false;
      if (!input.layout.is_contiguous() || input.layout.offset != 0) return false;
      if (input.type.shape.size() != graph_.value(read).type.shape.size()) return false;
    }
    return true;
  }

  bool writes(const Step& step) const {
    return std::any_of(step.outputs.begin(), step.outputs.end(),
                       [&](int output) { return schedule_.writes_variable[index(output)] >= 0; });
  }

  void add_edge(int from, int to) {
    if (from < 0 || from == to) return;
    users_[index(from)].push_back(to);
    ++waits_for_[index(to)];
  }

  void build_edges() {
    const std::size_t count = graph_.steps.size();
    users_.assign(count, {});
    waits_for_.assign(count, 0);
    const std::vector<int> maker = makers();
    std::vector<std::vector<int>> readers(graph_.values.size());
    std::vector<int> checks;
    for (std::size_t s = 0; s < count; ++s) {
      for (int input : graph_.steps[s].inputs) {
        add_edge(maker[index(graph_.base(input))], static_cast<int>(s));
        readers[index(graph_.base(input))].push_back(static_cast<int>(s));
      }
      const bool finds_first = graph_.steps[s].region == 0;  // a recomputation finds what was found before
      if (graph_.steps[s].op->traits.check && finds_first) checks.push_back(static_cast<int>(s));
    }
    for (std::size_t s = 0; s < count; ++s) {
      if (!writes(graph_.steps[s])) continue;
      for (int check : checks) add_edge(check, static_cast<int>(s));
      for (int output : graph_.steps[s].outputs) {
        const int variable = schedule_.writes_variable[index(output)];
        if (variable < 0 || graph_.variables[index(variable)].read < 0) continue;
        for (int reader : readers[index(graph_.variables[index(variable)].read)]) {
          add_edge(reader, static_cast<int>(s));
        }
      }
    }
  }

  // Steps to run as soon as they can: constants, for which others would wait, and steps that lead to nothing
  // but a write, if they are element-wise, or make one number: all updates would wait for their rate.
  // Recomputations are to be late.
  std::vector<bool> urgent() const {
    std::vector<bool> tail(graph_.steps.size(), false);
    std::vector<bool> only_tail(graph_.values.size(), true);
    for (int output : graph_.outputs) only_tail[index(graph_.base(output))] = false;
    for (std::size_t s = graph_.steps.size(); s-- > 0;) {
      const Step& step = graph_.steps[s];
      const bool to_tails = std::all_of(step.outputs.begin(), step.outputs.end(),
                                        [&](int output) { return only_tail[index(output)]; });
      const bool is_one = std::all_of(step.outputs.begin(), step.outputs.end(), [&](int output) {
        return graph_.value(output).type.shape.size() == 1;
      });
      const bool is_small = is_one || (step.op->traits.elementwise && step.region == 0);
      tail[s] = writes(step) || step.inputs.empty() || (to_tails && is_small);
      if (tail[s]) continue;
      for (int input : step.inputs) only_tail[index(graph_.base(input))] = false;
    }
    return tail;
  }

  // True where all steps found a place.
  bool order_steps() {
    build_edges();
    const std::vector<bool> first = urgent();
    const auto later = [&](int a, int b) {
      if (first[index(a)] != first[index(b)]) return static_cast<bool>(first[index(b)]);
      return a > b;
    };
    std::priority_queue<int, std::vector<int>, decltype(later)> ready(later);
    for (std::size_t s = 0; s < graph_.steps.size(); ++s) {
      if (waits_for_[s] == 0) ready.push(static_cast<int>(s));
    }
    schedule_.order.clear();
    while (!ready.empty()) {
      const int step = ready.top();
      ready.pop();
      schedule_.order.push_back(step);
      for (int user : users_[index(step)]) {
        if (--waits_for_[index(user)] == 0) ready.push(user);
      }
    }
    return schedule_.order.size() == graph_.steps.size();
  }

  void give_up_a_write() {
    for (std::size_t s = 0; s < graph_.steps.size(); ++s) {
      if (waits_for_[s] == 0 || !writes(graph_.steps[s])) continue;
      for (int output : graph_.steps[s].outputs) schedule_.writes_variable[index(output)] = -1;
      return;
    }
    fail(ErrorKind::internal, "internal: the steps of a plan wait for one another");
  }

  const Graph& graph_;
  Schedule schedule_;
  std::vector<std::vector<int>> users_;
  std::vector<int> waits_for_;
};

}  // namespace

Schedule make_schedule(const Graph& graph, bool plain) { return Scheduler(graph, plain).run(); }

}  // namespace retrograd::plan
