// Counts operations by the rules of ops, and bytes by layouts.
#include "plan/cost.h"

#include "array/node.h"
#include "plan/loop_plan.h"

namespace retrograd::plan {
namespace {

double flops_of(const OpDef& op, const std::vector<TensorType>& inputs, const Attributes& attributes);

// Of the definition of a composite in simpler ops.
double flops_of_expansion(const OpDef& op, const std::vector<TensorType>& inputs,
                          const Attributes& attributes) {
  std::vector<Array> stand_ins;
  for (const TensorType& type : inputs)
    stand_ins.push_back(make_placeholder(type, static_cast<int>(stand_ins.size())));
  double flops = 0;
  const std::vector<Array> results = op.expand({stand_ins, attributes});
  for (const Node* node : reachable(results)) {
    if (node->is_leaf()) continue;
    std::vector<TensorType> types;
    for (const Array& input : node->inputs) types.push_back(input.type());
    flops += flops_of(*node->op, types, node->attributes);
  }
  return flops;
}

double flops_of(const OpDef& op, const std::vector<TensorType>& inputs, const Attributes& attributes) {
  const ShapeArgs args{op, inputs, attributes};
  if (op.flops != nullptr) return op.flops(args);
  if (op.expand != nullptr) return flops_of_expansion(op, inputs, attributes);
  return op.traits.elementwise ? static_cast<double>(op.shape(args)[0].shape.size()) : 0;
}

double bytes_of(const kernels::View& view) {
  double elements = 1;
  for (int axis = 0; axis < view.shape().rank(); ++axis) {
    if (view.layout.strides[static_cast<std::size_t>(axis)] != 0)
      elements *= static_cast<double>(view.shape()[axis]);
  }
  return elements * static_cast<double>(size_of(view.dtype));
}

}  // namespace

Cost cost_of(const PlannedStep& step) {
  const kernels::Call& call = step.call;
  Cost cost;
  for (const kernels::View& input : call.inputs) cost.bytes += bytes_of(input);
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    if (step.outputs[i].place != Place::none) cost.bytes += bytes_of(call.outputs[i]);
  }
  if (step.kernel == &loop_kernel) {
    const LoopPlan& loop = *call.attributes.as<PlannedLoop>().plan;
    for (const PlannedStep& inside : loop.body->steps) cost.flops += cost_of(inside).flops;
    cost.flops *= static_cast<double>(loop.length);
    return cost;
  }
  const bool ends = !call.end.op.empty();
  const auto elements = static_cast<double>(ends ? call.end.shape.size() : call.outputs[0].size());
  cost.flops = elements * static_cast<double>(call.epilogue.size() + call.chain.size() + (ends ? 1 : 0));
  if (!call.chain.empty()) return cost;
  std::size_t own = call.inputs.size();  // without the operands of the epilogue
  for (const kernels::EpilogueStage& stage : call.epilogue) own -= stage.operand >= 0 ? 1 : 0;
  std::vector<TensorType> inputs;
  for (std::size_t i = 0; i < own; ++i) inputs.push_back({call.inputs[i].dtype, call.inputs[i].shape()});
  cost.flops += flops_of(*step.op, inputs, call.attributes);
  return cost;
}

bool is_reorder(const PlannedStep& step) {
  return step.op->traits.view != nullptr && step.call.chain.empty();
}

}  // namespace retrograd::plan
