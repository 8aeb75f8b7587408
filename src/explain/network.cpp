// From the layers of a Sequential to stages.
#include "explain/network.h"

#include <retrograd/ops.h>

#include <unordered_set>

#include "array/node.h"
#include "core/fail.h"
#include "explain/formulas.h"

namespace retrograd::explain {
namespace {

// The nodes between `from` (left out) and `to` that depend on `from`, in the order of computation.
std::vector<const Node*> between(const Array& from, const Array& to) {
  std::unordered_set<const Node*> dependent{from.node().get()};
  std::vector<const Node*> found;
  const Array roots[] = {to};
  for (const Node* node : reachable(roots)) {
    for (const Array& input : node->inputs) {
      if (!dependent.contains(input.node().get())) continue;
      dependent.insert(node);
      found.push_back(node);
      break;
    }
  }
  return found;
}

[[noreturn]] void fail_layer(const nn::Module& layer, const char* why) {
  fail(ErrorKind::argument,
       "explain: {} ({}) {}; a fully connected network of linear layers and activations can be explained",
       layer.name(), layer.text(), why);
}

void add_activation(Stage& stage, const nn::Module& layer, const Array& before, const Array& after) {
  const std::vector<const Node*> nodes = between(before, after);
  bool elementwise = !nodes.empty();
  bool softmax_alone = nodes.size() == 1 && nodes[0]->op->name == "softmax";
  for (const Node* node : nodes) {
    if (!node->op->traits.elementwise || node->outputs[0].type.shape != before.shape()) elementwise = false;
  }
  if (!elementwise && !softmax_alone) fail_layer(layer, "is no activation of single units or softmax");
  stage.derivative = stage.activation.empty() && nodes.size() == 1 ? derivative_text(nodes[0]->op->name) : "";
  stage.activation.push_back(layer.name());
  stage.coupled = stage.coupled || softmax_alone;
  for (const Node* node : nodes) {
    stage.function.push_back({std::string(node->op->name), std::string(node->op->equation),
                              std::string(node->op->latex), std::string(node->op->source)});
  }
}

// y of the last stage where the loss has the activation within it.
void apply_loss_activation(Network& network, const nn::Loss& loss) {
  network.probabilities = network.output;
  if (loss.activation.empty()) return;
  network.probabilities = loss.activation == "softmax"   ? softmax(network.output)
                          : loss.activation == "sigmoid" ? sigmoid(network.output)
                                                         : exp(network.output);
  Stage& last = network.stages.back();
  if (!last.activation.empty()) {
    network.notes.push_back(
        fmt::format("The loss applies {} to the outputs of {}.", loss.activation, last.activation.back()));
    return;
  }
  const OpDef& op = *network.probabilities.node()->op;
  last.in_loss = true;
  last.loss = std::string(loss.name);
  last.y = network.probabilities;
  last.activation.push_back(std::string(loss.activation));
  last.function = {
      {std::string(op.name), std::string(op.equation), std::string(op.latex), std::string(op.source)}};
}

}  // namespace

Network make_network(const nn::Sequential& model, const Array& x, const nn::Loss& loss) {
  Network network;
  Array y = x;
  for (std::size_t i = 0; i < model.size(); ++i) {
    const nn::Module& layer = model[i];
    const bool last = i + 1 == model.size();
    if (last && !loss.activation.empty() && layer.type_name() == loss.activation) break;
    const Array before = y;
    y = layer(before);
    if (const auto* linear = dynamic_cast<const nn::Linear*>(&layer)) {
      network.stages.push_back({.linear = linear, .x = before, .z = y, .y = y});
      continue;
    }
    if (layer.type_name() == "dropout") {
      network.notes.push_back(fmt::format("{} passes everything on, as in evaluation.", layer.name()));
    }
    if (y.same_as(before) || layer.type_name() == "flatten") continue;
    if (network.stages.empty()) fail_layer(layer, "comes before the first linear layer");
    add_activation(network.stages.back(), layer, before, y);
    network.stages.back().y = y;
  }
  if (network.stages.empty()) fail(ErrorKind::argument, "explain: the network has no linear layer");
  for (const Stage& stage : network.stages) {
    if (stage.z.rank() != 2) {
      fail(ErrorKind::shape, "explain: {} gives {}; expected one row of numbers for a sample",
           stage.linear->name(), stage.z.shape().to_string());
    }
  }
  network.output = y;
  apply_loss_activation(network, loss);
  return network;
}

Array loss_summands(const Array& losses, const Array& output) {
  Array found;
  for (const Node* node : between(output, losses)) {
    if (node->op->name != "sum" || node->outputs[0].type.shape != losses.shape()) continue;
    if (node->inputs[0].shape() == output.shape()) found = node->inputs[0];
  }
  return found;
}

}  // namespace retrograd::explain
