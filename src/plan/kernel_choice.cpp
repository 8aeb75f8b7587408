// Lookup of kernels by op name, and those that come with an op.
#include "plan/kernel_choice.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "kernels/kernel_table.h"
#include "kernels/own.h"

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

}  // namespace

kernels::Call make_call(const Graph& graph, const Step& step) {
  kernels::Call call;
  call.op = step.op->name;
  call.attributes = step.attributes;
  for (int input : step.inputs) call.inputs.push_back(view_of(graph.value(input)));
  for (int output : step.outputs) call.outputs.push_back(view_of(graph.value(output)));
  for (const Stage& stage : step.epilogue) call.epilogue.push_back({stage.op->name, stage.operand});
  if (step.chain.empty()) call.function = step.op->kernel;
  for (const Link& link : step.chain) {
    const auto output = std::find(step.outputs.begin(), step.outputs.end(), link.result);
    call.op = "chain";
    call.chain.push_back(
        {.op = link.op->name,
         .operands = link.operands,
         .dtype = graph.value(link.result).type.dtype,
         .output = output == step.outputs.end() ? -1 : static_cast<int>(output - step.outputs.begin())});
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
