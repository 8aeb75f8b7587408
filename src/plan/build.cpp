// make_plan: the passes in their order, then from a scheduled graph to steps with places. The passes stand in
// passes/, the order of steps in schedule.cpp, offsets in memory.cpp.
#include <algorithm>

#include "core/fail.h"
#include "plan/loop_plan.h"
#include "plan/memory.h"
#include "plan/passes/passes.h"
#include "plan/plan.h"
#include "plan/schedule.h"
#include "plan/trace.h"
#include "plan/verify.h"

namespace retrograd::plan {
namespace {

std::size_t bytes_of(const TensorType& type) {
  return static_cast<std::size_t>(type.shape.size()) * size_of(type.dtype);
}

void rewrite(Graph& graph, const PlanOptions& options) {
  struct Pass {
    const char* name;
    void (*run)(Graph&);
    bool asked = true;
  };
  const Pass passes[] = {
      {"common subexpressions", merge_common_subexpressions},
      {"dead code", drop_dead_code},
      {"views", turn_into_views},
      {"channels last", keep_channels_last},
      {"low precision", [](Graph& g) { lower_precision(g, Backends::all); }, options.low_precision},
      {"epilogues", fuse_epilogues, options.fuse},
      {"chains", fuse_chains, options.fuse},
      {"reductions", fuse_reductions, options.fuse},
      {"dead code again", drop_dead_code},
  };
  for (const Pass& pass : passes) {
    if (!pass.asked) continue;
    pass.run(graph);
    verify(graph, pass.name);
  }
}

// Gives every base value its place, sharing blocks of the arena between values that do not live together.
class Placer {
 public:
  Placer(const Graph& graph, const Schedule& schedule, const PlanOptions& options)
      : graph_(graph),
        schedule_(schedule),
        plain_(options.plain),
        end_(static_cast<int>(schedule.order.size())) {
    home_.resize(graph.values.size());
    block_of_.assign(graph.values.size(), -1);
    last_use_.assign(graph.values.size(), -1);
    is_once_.assign(graph.steps.size(), false);
  }

  void run(Plan& plan) {
    place_leaves();
    find_once_steps();
    place_results();
    find_last_uses();
    for (int time = 0; time < end_; ++time) place_outputs(time);
    plan.constant_bytes = constant_bytes_;
    plan.arena_bytes = lay_out(blocks_);
    plan.live_bytes = most_alive(blocks_);
    for (std::size_t v = 0; v < home_.size(); ++v) {
      if (block_of_[v] >= 0) home_[v].offset = blocks_[index(block_of_[v])].offset;
    }
  }

  Location location(int value) const {
    const Value& v = graph_.value(value);
    Location where = home_[index(v.base)];
    where.offset += static_cast<std::size_t>(v.layout.offset) * size_of(v.type.dtype);
    return where;
  }
  std::size_t workspace(int step) const {
    const auto found = std::find(workspace_step_.begin(), workspace_step_.end(), step);
    return found == workspace_step_.end()
               ? 0
               : blocks_[workspace_block_[static_cast<std::size_t>(found - workspace_step_.begin())]].offset;
  }
  bool is_once(int step) const { return is_once_[index(step)]; }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  void place_leaves() {
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      home_[index(graph_.inputs[i])] = {Place::input, static_cast<int>(i), 0};
    }
    for (std::size_t i = 0; i < graph_.data.size(); ++i) {
      home_[index(graph_.data[i].value)] = {Place::data, static_cast<int>(i), 0};
    }
    for (std::size_t i = 0; i < graph_.variables.size(); ++i) {
      const int read = graph_.variables[i].read;
      if (read >= 0) home_[index(read)] = {Place::variable, static_cast<int>(i), 0};
    }
  }

  // Constants, and what is made of them alone.
  void find_once_steps() {
    if (plain_) return;
    std::vector<bool> constant(graph_.values.size(), false);
    std::vector<bool> is_result(graph_.values.size(), false);
    for (int output : graph_.outputs) is_result[index(output)] = true;
    for (int s : schedule_.order) {
      const Step& step = graph_.steps[index(s)];
      const auto ends_elsewhere = [&](int output) {
        return is_result[index(output)] || schedule_.writes_variable[index(output)] >= 0;
      };
      is_once_[index(s)] = !step.op->traits.check &&
                           std::all_of(step.inputs.begin(), step.inputs.end(),
                                       [&](int input) { return constant[index(graph_.base(input))]; }) &&
                           std::none_of(step.outputs.begin(), step.outputs.end(), ends_elsewhere);
      for (int output : step.outputs) constant[index(output)] = is_once_[index(s)];
    }
  }

  void place_results() {
    for (std::size_t v = 0; v < graph_.values.size(); ++v) {
      if (schedule_.writes_variable[v] >= 0) home_[v] = {Place::variable, schedule_.writes_variable[v], 0};
    }
    std::vector<bool> made(graph_.values.size(), false);
    for (const Step& step : graph_.steps) {
      for (int output : step.outputs) made[index(output)] = true;
    }
    for (std::size_t k = 0; k < graph_.outputs.size(); ++k) {
      const int value = graph_.outputs[k];
      if (made[index(value)] && home_[index(value)].place == Place::none) {
        home_[index(value)] = {Place::result, static_cast<int>(k), 0};
      }
    }
  }

  void find_last_uses() {
    for (int time = 0; time < end_; ++time) {
      for (int input : graph_.steps[index(schedule_.order[index(time)])].inputs) {
        last_use_[index(graph_.base(input))] = time;
      }
    }
    for (int output : graph_.outputs) last_use_[index(graph_.base(output))] = end_;
    for (const VariableSlot& variable : graph_.variables) {
      if (variable.next >= 0) last_use_[index(graph_.base(variable.next))] = end_;
    }
  }

  void place_outputs(int time) {
    const int s = schedule_.order[index(time)];
    const Step& step = graph_.steps[index(s)];
    std::vector<int> taken;
    for (int output : step.outputs) {
      if (home_[index(output)].place != Place::none) continue;
      if (last_use_[index(output)] < 0 && step.outputs.size() > 1) continue;  // unused
      if (is_once_[index(s)]) {
        home_[index(output)] = {Place::constant, 0, constant_bytes_};
        constant_bytes_ += (bytes_of(graph_.value(output).type) + 63) / 64 * 64;
        continue;
      }
      home_[index(output)].place = Place::arena;
      if (plain_) {
        block_of_[index(output)] = add_block(bytes_of(graph_.value(output).type), 0, end_);
        continue;
      }
      const int last = std::max(last_use_[index(output)], time);
      const int shared = dying_block(s, time, output, taken);
      if (shared >= 0) {
        taken.push_back(shared);
        blocks_[index(shared)].last = last;
        block_of_[index(output)] = shared;
      } else {
        block_of_[index(output)] = add_block(bytes_of(graph_.value(output).type), time, last);
      }
    }
    const std::size_t workspace =
        schedule_.kernel[index(s)]->choose(schedule_.call[index(s)]).workspace_bytes;
    if (workspace > 0) {
      workspace_step_.push_back(s);
      workspace_block_.push_back(index(add_block(workspace, time, time)));
    }
  }

  int add_block(std::size_t bytes, int first, int last) {
    blocks_.push_back({.bytes = bytes, .first = first, .last = last});
    return static_cast<int>(blocks_.size()) - 1;
  }

  // The block of an input that dies at this step and that `output` may overwrite; -1 where there is none.
  int dying_block(int s, int time, int output, const std::vector<int>& taken) const {
    const Step& step = graph_.steps[index(s)];
    for (int input : step.inputs) {
      const int base = graph_.base(input);
      const int block = block_of_[index(base)];
      if (block < 0 || blocks_[index(block)].last != time) continue;
      if (std::find(taken.begin(), taken.end(), block) != taken.end()) continue;
      if (bytes_of(graph_.value(base).type) != bytes_of(graph_.value(output).type)) continue;
      if (overwritable(s, base)) return block;
    }
    return -1;
  }

  // May the step write over `base`, however often it reads it?
  bool overwritable(int s, int base) const {
    const Step& step = graph_.steps[index(s)];
    const kernels::KernelDef* kernel = schedule_.kernel[index(s)];
    if (kernel->in_place == nullptr) return false;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const Value& input = graph_.value(step.inputs[i]);
      if (input.base != base) continue;
      if (!kernel->in_place(schedule_.call[index(s)], i)) return false;
      if (!input.layout.is_contiguous() || input.layout.offset != 0) return false;
      if (bytes_of(input.type) != bytes_of(graph_.value(base).type)) return false;
    }
    return true;
  }

  const Graph& graph_;
  const Schedule& schedule_;
  const bool plain_;
  const int end_;               // the time of the copies after the last step
  std::vector<Location> home_;  // of each base value
  std::vector<int> block_of_;   // of each base value in the arena
  std::vector<int> last_use_;   // time of each base value's last read
  std::vector<bool> is_once_;   // of each step
  std::size_t constant_bytes_ = 0;
  std::vector<Block> blocks_;
  std::vector<int> workspace_step_;
  std::vector<std::size_t> workspace_block_;
};

PlannedStep planned(const Graph& graph, const Schedule& schedule, const Placer& placer, int s) {
  const Step& step = graph.steps[static_cast<std::size_t>(s)];
  PlannedStep made{.op = step.op,
                   .call = schedule.call[static_cast<std::size_t>(s)],
                   .kernel = schedule.kernel[static_cast<std::size_t>(s)],
                   .workspace = placer.workspace(s),
                   .scope = step.scope};
  made.choice = made.kernel->choose(made.call);
  for (int input : step.inputs) made.inputs.push_back(placer.location(input));
  for (int output : step.outputs) made.outputs.push_back(placer.location(output));
  return made;
}

bool same_place(const Location& a, const Location& b) { return a.place == b.place && a.index == b.index; }

// Results are copied before updates. An update whose source is a variable that is itself overwritten goes
// through the arena, so that two variables can swap their values.
void add_copies(Plan& plan, const Graph& graph, const Placer& placer) {
  const auto copy_of = [&](int value, const Location& target) {
    return Copy{{graph.value(value).type.dtype, graph.value(value).layout}, placer.location(value), target};
  };
  for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
    const Copy copy = copy_of(graph.outputs[k], {Place::result, static_cast<int>(k), 0});
    if (!same_place(copy.source, copy.target)) plan.copies.push_back(copy);
  }
  std::vector<Copy> second;
  for (std::size_t v = 0; v < graph.variables.size(); ++v) {
    if (graph.variables[v].next < 0) continue;
    Copy copy = copy_of(graph.variables[v].next, {Place::variable, static_cast<int>(v), 0});
    const bool whole = graph.base(graph.variables[v].next) == graph.variables[v].next;
    if (same_place(copy.source, copy.target) && whole) continue;
    if (copy.source.place == Place::variable) {
      const std::size_t bytes = (bytes_of(graph.value(graph.variables[v].next).type) + 63) / 64 * 64;
      const Location staging{Place::arena, 0, plan.arena_bytes};
      plan.arena_bytes += bytes;
      second.push_back({{copy.from.dtype, Layout::row_major(copy.from.shape())}, staging, copy.target});
      copy.target = staging;
    }
    plan.copies.push_back(copy);
  }
  // Staging copies run before any that overwrites a variable.
  std::stable_partition(plan.copies.begin(), plan.copies.end(),
                        [](const Copy& copy) { return copy.target.place != Place::variable; });
  plan.copies.insert(plan.copies.end(), second.begin(), second.end());
}

}  // namespace

std::shared_ptr<const Plan> make_plan(std::span<const Array> inputs, std::span<const Array> outputs,
                                      std::span<const Update> updates, const PlanOptions& options,
                                      std::span<const Array> checks) {
  const TraceOptions trace_options{.backends = options.plain ? Backends::reference : Backends::all,
                                   .keep_composites = !options.plain};
  Graph graph = make_graph(inputs, outputs, updates, trace_options, checks);
  verify(graph, "trace");
  if (!options.plain) {
    rewrite(graph, options);
  } else if (options.low_precision) {
    lower_precision(graph, Backends::reference);
    verify(graph, "low precision");
  }
  plan_loops(graph, options);
  const Schedule schedule = make_schedule(graph, options.plain);

  auto plan = std::make_shared<Plan>();
  plan->options = options;
  Placer placer(graph, schedule, options);
  placer.run(*plan);
  for (int s : schedule.order) {
    PlannedStep step = planned(graph, schedule, placer, s);
    plan->scratch_bytes = std::max(plan->scratch_bytes, step.choice.scratch_bytes);
    (placer.is_once(s) ? plan->once : plan->steps).push_back(std::move(step));
  }
  add_copies(*plan, graph, placer);
  for (int input : graph.inputs) plan->inputs.push_back(graph.value(input).type);
  for (int output : graph.outputs) plan->results.push_back(graph.value(output).type);
  for (const VariableSlot& variable : graph.variables) {
    plan->variables.push_back(variable.state);
    plan->is_updated.push_back(variable.next >= 0);
  }
  for (const DataSlot& slot : graph.data) plan->data.push_back(slot.buffer);
  return plan;
}

std::string ops_of(const PlannedStep& step) {
  std::string text;
  for (const kernels::ChainLink& link : step.call.chain)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", link.op);
  if (step.call.chain.empty()) text = step.op->name;
  for (const kernels::EpilogueStage& stage : step.call.epilogue) text += fmt::format(" + {}", stage.op);
  if (!step.call.end.op.empty()) text += fmt::format(" -> {}", step.call.end.op);
  return text;
}

std::string to_string(const PlannedStep& step) {
  const kernels::View& output = step.call.outputs[0];
  return fmt::format("{}{} {}{}", step.scope ? *step.scope + ": " : std::string(), ops_of(step),
                     name(output.dtype), output.shape().to_string());
}

}  // namespace retrograd::plan
