// Walks the nodes in the order of their making and numbers their values. Composites without a kernel are
// replaced by their definitions here, so that passes see primitives and kept composites only.
#include "plan/trace.h"

#include <unordered_map>

#include "core/fail.h"

namespace retrograd::plan {
namespace {

using ValuesOfNode = std::unordered_map<const Node*, std::vector<int>>;

class Tracer {
 public:
  Tracer(Graph& graph, const TraceOptions& options) : graph_(graph), options_(options) {}

  void bind_inputs(std::span<const Array> inputs) {
    for (const Array& input : inputs) {
      std::vector<int>& values = values_[input.node().get()];
      values.resize(input.node()->outputs.size(), -1);
      int& value = values[static_cast<std::size_t>(input.output())];
      if (value < 0) value = graph_.add_value(input.type());
      graph_.inputs.push_back(value);
    }
  }

  std::vector<int> trace(std::span<const Array> roots) {
    trace(roots, values_, Origin());
    std::vector<int> result;
    for (const Array& root : roots) result.push_back(value_of(root, values_));
    return result;
  }

 private:
  static int value_of(const Array& array, const ValuesOfNode& values) {
    return values.at(array.node().get())[static_cast<std::size_t>(array.output())];
  }

  // What the nodes of an expansion have from the composite.
  struct Origin {
    std::shared_ptr<const std::string> scope = nullptr;
    std::uint64_t region = 0;
    bool keeps_precision = false;
  };

  void trace(std::span<const Array> roots, ValuesOfNode& values, const Origin& origin) {
    for (Node* node : reachable(roots)) {
      if (values.contains(node)) continue;
      values[node] = node->is_leaf() ? leaf(*node) : call(*node, values, origin);
    }
  }

  // The values of a leaf: one, or those of an evaluated node with several outputs.
  std::vector<int> leaf(const Node& node) {
    if (!node.has_value()) {
      fail(ErrorKind::argument, "compile: the traced function uses an argument of another traced function");
    }
    std::vector<int> values;
    for (const Output& output : node.outputs) {
      values.push_back(graph_.add_value(output.type));
      if (node.variable != nullptr) {
        graph_.variables.push_back({node.variable->shared_from_this(), values.back(), -1});
      } else {
        graph_.data.push_back({output.value, values.back()});
      }
    }
    return values;
  }

  std::vector<int> call(const Node& node, const ValuesOfNode& values, const Origin& origin) {
    Step step{.op = node.op,
              .attributes = node.attributes,
              .scope = node.scope ? node.scope : origin.scope,
              .region = node.region != 0 ? node.region : origin.region,
              .keeps_precision = origin.keeps_precision,
              .loop = node.loop};
    for (const Array& input : node.inputs) step.inputs.push_back(value_of(input, values));
    const std::size_t first = graph_.values.size();
    for (const Output& output : node.outputs) step.outputs.push_back(graph_.add_value(output.type));
    if (node.op->expand == nullptr || kept_whole(step)) {
      std::vector<int> outputs = step.outputs;
      graph_.steps.push_back(std::move(step));
      return outputs;
    }
    graph_.values.resize(first);
    return expand(node, step);
  }

  bool kept_whole(const Step& step) const {
    if (!options_.keep_composites) return false;
    if (find_kernel(make_call(graph_, step), options_.backends) != nullptr) return true;
    return has_channels_last_form(step) && options_.backends == Backends::all &&
           is_fast(find_kernel(make_call_channels_last(graph_, step), options_.backends));
  }

  std::vector<int> expand(const Node& node, const Step& step) {
    std::vector<Array> stand_ins;
    ValuesOfNode values;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      stand_ins.push_back(make_placeholder(node.inputs[i].type(), static_cast<int>(i)));
      values[stand_ins.back().node().get()] = {step.inputs[i]};
    }
    const std::vector<Array> results = node.op->expand({stand_ins, node.attributes});
    trace(results, values, {step.scope, step.region, step.keeps_precision || !node.op->traits.low_precision});
    std::vector<int> outputs;
    for (const Array& result : results) outputs.push_back(value_of(result, values));
    return outputs;
  }

  Graph& graph_;
  const TraceOptions& options_;
  ValuesOfNode values_;
};

VariableSlot& slot_of(Graph& graph, const std::shared_ptr<VariableState>& state) {
  for (VariableSlot& slot : graph.variables) {
    if (slot.state == state) return slot;
  }
  graph.variables.push_back({state, -1, -1});
  return graph.variables.back();
}

}  // namespace

Graph make_graph(std::span<const Array> inputs, std::span<const Array> outputs,
                 std::span<const Update> updates, const TraceOptions& options,
                 std::span<const Array> checks) {
  Graph graph;
  Tracer tracer(graph, options);
  tracer.bind_inputs(inputs);
  std::vector<Array> roots(outputs.begin(), outputs.end());
  for (const Update& update : updates) roots.push_back(update.value);
  roots.insert(roots.end(), checks.begin(), checks.end());
  const std::vector<int> values = tracer.trace(roots);
  graph.outputs.assign(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(outputs.size()));
  for (std::size_t i = 0; i < updates.size(); ++i) {
    slot_of(graph, updates[i].variable).next = values[outputs.size() + i];
  }
  graph.checks.assign(values.end() - static_cast<std::ptrdiff_t>(checks.size()), values.end());
  return graph;
}

}  // namespace retrograd::plan
