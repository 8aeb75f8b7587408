// Lookup of kernels by op name, and those that come with an op.
#include "plan/kernel_choice.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "core/attributes/reduce.h"
#include "kernels/kernel_table.h"
#include "kernels/own.h"
#include "plan/loop_plan.h"

namespace retrograd::plan {
namespace {

using Index = std::unordered_map<std::string_view, std::vector<const kernels::KernelDef*>>;

const Index& kernel_index() {
  static const Index index = [] {
    Index made;
    for (const kernels::KernelDef* kernel : kernels::kernel_table()) made[kernel->op].push_back(kernel);
    return made;
  }();
  return index;
}

kernels::View view_of(const Value& value) { return {value.type.dtype, value.layout}; }

int position_of(int value, const std::vector<int>& outputs) {
  const auto found = std::find(outputs.begin(), outputs.end(), value);
  return found == outputs.end() ? -1 : static_cast<int>(found - outputs.begin());
}

// Leading axes are the rows, the others the columns, or trailing axes the columns, the others the rows.
kernels::ChainEnd end_of(const Graph& graph, const Step& step) {
  const End& end = step.end;
  if (end.op == nullptr) return {};
  const auto& axes = end.attributes.as<attributes::Reduce>().axes;
  const bool all = axes.size() == static_cast<std::size_t>(end.shape.rank());
  kernels::ChainEnd made{.op = end.op->name,
                         .link = end.link,
                         .shape = graph.value(step.chain.front().result).type.shape,
                         .over_rows = !all && !axes.empty() && axes.front() == 0,
                         .output = position_of(end.result, step.outputs)};
  for (int axis = 0; axis < end.shape.rank(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), axis) != axes.end();
    (reduced == made.over_rows ? made.rows : made.columns) *= end.shape[axis];
  }
  return made;
}

}  // namespace

kernels::Call make_call(const Graph& graph, const Step& step) {
  kernels::Call call;
  call.op = step.op->name;
  call.attributes = step.attributes;
  for (int input : step.inputs) call.inputs.push_back(view_of(graph.value(input)));
  for (int output : step.outputs) call.outputs.push_back(view_of(graph.value(output)));
  for (const Stage& stage : step.epilogue) {
    call.epilogue.push_back({stage.op->name, stage.operand, stage.second});
  }
  if (step.chain.empty()) call.function = step.op->kernel;
  if (step.loop_plan != nullptr) call.attributes = PlannedLoop{step.loop_plan};
  for (const Link& link : step.chain) {
    call.op = "chain";
    call.chain.push_back({.op = link.op->name,
                          .operands = link.operands,
                          .dtype = graph.value(link.result).type.dtype,
                          .output = position_of(link.result, step.outputs)});
  }
  call.end = end_of(graph, step);
  return call;
}

bool has_channels_last_form(const Step& step) {
  const ChannelsLast& rule = step.op->traits.channels_last;
  return rule.attributes != nullptr && !(rule.attributes(step.attributes) == step.attributes);
}

kernels::Call make_call_channels_last(const Graph& graph, const Step& step) {
  const ChannelsLast& rule = step.op->traits.channels_last;
  kernels::Call call = make_call(graph, step);
  call.attributes = rule.attributes(step.attributes);
  const auto turn = [](kernels::View& view) {  // N C [D] [H] W -> N [D] [H] W C
    Shape shape = view.layout.shape;
    std::rotate(&shape[1], &shape[1] + 1, &shape[0] + shape.rank());
    view.layout = Layout::row_major(shape);
  };
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    if ((rule.inputs >> i & 1) != 0) turn(call.inputs[i]);
  }
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    if ((rule.outputs >> i & 1) != 0) turn(call.outputs[i]);
  }
  return call;
}

bool is_fast(const kernels::KernelDef* kernel) { return kernel != nullptr && kernel->backend != "reference"; }

const kernels::KernelDef* find_kernel(const kernels::Call& call, Backends backends) {
  if (call.function != nullptr) return kernels::own.supports(call) ? &kernels::own : nullptr;
  const auto found = kernel_index().find(call.op);
  if (found == kernel_index().end()) return nullptr;
  for (const kernels::KernelDef* kernel : found->second) {
    if (backends == Backends::reference && is_fast(kernel)) continue;
    if (kernel->supports(call)) return kernel;
  }
  return nullptr;
}

}  // namespace retrograd::plan
