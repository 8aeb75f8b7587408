// The op `scan`: its node, what a gradient wants kept of each step, and its vjp, which is a loop again, over
// the body's vjp and from the other end.
#include "autodiff/loop.h"

#include <retrograd/ops.h>

#include <algorithm>
#include <unordered_set>

#include "autodiff/pull_back.h"
#include "core/fail.h"

namespace retrograd::autodiff {
namespace {

// What a loop is, for its shape rule, comparisons and messages.
struct Scan {
  std::int64_t length = 1;
  bool reverse = false;
  std::string body;
  std::vector<TensorType> outputs;  // said by the body
  template <class F>
  void fields(F& f) const {
    f("length", length);
    f("reverse", reverse);
    f("body", body);
  }
};

std::vector<TensorType> shape(const ShapeArgs& args) { return args.attributes.as<Scan>().outputs; }

std::vector<Array> vjp(const VjpArgs& v);

constexpr OpDef definition(bool check) {
  return {.name = "scan",
          .summary = "A recurrence of the user's own: a body run once for each element of sequences.",
          .equation = "(c_t, y_t) = f(c_(t-1), x_t)",
          .latex = R"((c_t, y_t) = f(c_{t-1}, x_t))",
          .source = "Werbos 1990, Backpropagation through time",
          .shape = shape,
          .vjp = vjp,
          .traits = {.check = check}};
}

constinit const OpDef scan_op = definition(false);
constinit const OpDef checked_scan_op = definition(true);  // the body has steps that may find a fault

std::vector<Array> roots_of(const Loop& loop) {
  std::vector<Array> roots = loop.outputs;
  roots.insert(roots.end(), loop.checks.begin(), loop.checks.end());
  return roots;
}

// Two bodies that compute the same have the same text.
std::string text_of(const Loop& loop) {
  std::unordered_map<const Node*, std::size_t> number;
  std::unordered_map<std::uint64_t, std::size_t> region{{0, 0}};
  std::string text;
  const auto name = [&](const Array& array) {
    return fmt::format(" {}.{}", number.at(array.node().get()), array.output());
  };
  for (const Array& input : loop.inputs) {
    number.emplace(input.node().get(), number.size());
    text += input.type().to_string() + ' ';
  }
  text += fmt::format("{} {} {}", loop.carries, loop.sequences, loop.again);
  const std::vector<Array> roots = roots_of(loop);
  for (const Node* node : reachable(roots)) {
    if (!number.emplace(node, number.size()).second) continue;
    const std::size_t of_region = region.emplace(node->region, region.size()).first->second;
    text += fmt::format("; {}@{}({}) {}", node->op->name, static_cast<const void*>(node->op),
                        node->attributes.to_string(), of_region);
    for (const Array& input : node->inputs) text += name(input);
  }
  text += " ->";
  for (const Array& root : roots) text += name(root);
  return text;
}

TensorType stacked(const TensorType& type, std::int64_t length) {
  Shape shape{length};
  for (std::int64_t extent : type.shape) shape.push_back(extent);
  return {type.dtype, shape};
}

// What depends on a carry or on an element of a sequence.
std::unordered_set<const Node*> varying(const Loop& loop) {
  std::unordered_set<const Node*> found;
  for (std::size_t i = 0; i < loop.carries + loop.sequences; ++i) found.insert(loop.inputs[i].node().get());
  for (const Node* node : reachable(loop.outputs)) {
    const auto varies = [&](const Array& input) { return found.contains(input.node().get()); };
    if (std::any_of(node->inputs.begin(), node->inputs.end(), varies)) found.insert(node);
  }
  return found;
}

bool holds(const std::vector<Array>& arrays, const Array& array) {
  return std::any_of(arrays.begin(), arrays.end(), [&](const Array& a) { return a.same_as(array); });
}

// Adds to the outputs what the gradient of a step uses: the carries; and, unless it is to compute them again,
// the values inside that vary from step to step. Outputs that no gradient asks for cost nothing.
void add_kept_values(Loop& loop) {
  const std::uint64_t inside = id_of_now();
  std::vector<Array> outputs, cotangents, inputs;
  for (const Array& output : loop.outputs) {
    if (!is_floating(output.dtype())) continue;
    outputs.push_back(output);
    cotangents.push_back(make_placeholder(output.type(), 0));
  }
  for (const Array& input : loop.inputs) {
    if (is_floating(input.dtype())) inputs.push_back(input);
  }
  std::vector<Array> kept(loop.inputs.begin(),
                          loop.inputs.begin() + static_cast<std::ptrdiff_t>(loop.carries));
  if (!loop.again) {
    std::vector<Array> pulled = pull_back(outputs, cotangents, inputs, false);
    std::erase_if(pulled, [](const Array& array) { return array.empty(); });
    const std::unordered_set<const Node*> varies = varying(loop);
    std::unordered_set<const Node*> seen;
    std::vector<Array> open = pulled;
    while (!open.empty()) {
      const Array array = open.back();
      open.pop_back();
      const Node& node = *array.node();
      const bool is_view = !node.is_leaf() && node.op->traits.view != nullptr;
      if (node.id < inside && !is_view) {
        if (!node.is_leaf() && varies.contains(&node) && !holds(kept, array)) kept.push_back(array);
      } else if (seen.insert(&node).second) {
        open.insert(open.end(), node.inputs.begin(), node.inputs.end());
      }
    }
  }
  for (const Array& array : kept) {
    const std::vector<Array> ys(loop.outputs.begin() + static_cast<std::ptrdiff_t>(loop.carries),
                                loop.outputs.end());
    if (!holds(ys, array)) loop.outputs.push_back(array);
  }
}

// The loop of a gradient while its inputs are gathered: placeholders of its body, and arrays for its node.
struct Operands {
  std::vector<Array> placeholders, arguments;
  Array add(const TensorType& type, const Array& argument) {
    placeholders.push_back(make_placeholder(type, static_cast<int>(placeholders.size())));
    arguments.push_back(argument);
    return placeholders.back();
  }
  void keep_those_in(const std::unordered_set<const Node*>& used) {
    Operands kept;
    for (std::size_t i = 0; i < placeholders.size(); ++i) {
      if (!used.contains(placeholders[i].node().get())) continue;
      kept.placeholders.push_back(placeholders[i]);
      kept.arguments.push_back(arguments[i]);
    }
    *this = std::move(kept);
  }
  void append(const Operands& other) {
    placeholders.insert(placeholders.end(), other.placeholders.begin(), other.placeholders.end());
    arguments.insert(arguments.end(), other.arguments.begin(), other.arguments.end());
  }
};

Array zero(const TensorType& type) { return zeros(type.shape, type.dtype); }

class Backward {
 public:
  Backward(const VjpArgs& v, const Loop& forward) : v_(v), forward_(forward), closing_(0) {}

  std::vector<Array> run() {
    pull_a_step_back();
    stand_ins();
    Loop loop;
    std::vector<Array> outputs;  // next carries, then elements
    carry_on(outputs);
    loop.carries = carries_.placeholders.size();
    std::vector<int> place(forward_.inputs.size(), -1);  // of a sequence's gradient among the elements
    std::vector<Array> elements;
    for (std::size_t i = forward_.carries; i < forward_.carries + forward_.sequences; ++i) {
      if (gradients_[i].empty()) continue;
      place[i] = static_cast<int>(loop.carries + elements.size());
      elements.push_back(gradients_[i]);
    }
    outputs.insert(outputs.end(), elements.begin(), elements.end());
    loop.outputs = closing_.close(outputs);
    drop_unused(loop);
    loop.sequences = sequences_.placeholders.size();
    loop.length = forward_.length;
    loop.reverse = !forward_.reverse;
    loop.again = forward_.again;
    loop.draws = forward_.draws;
    Operands all = carries_;
    all.append(sequences_);
    all.append(constants_);
    loop.inputs = all.placeholders;
    for (std::size_t i = 0; i < loop.inputs.size(); ++i) {
      if (holds(counters_, loop.inputs[i])) loop.counters.push_back(i);
    }
    const std::vector<Array> made = make_loop(std::move(loop), all.arguments);
    std::vector<Array> result(forward_.inputs.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      const int at = place[i] >= 0 ? place[i] : carry_of_[i];
      if (at >= 0) result[i] = made[static_cast<std::size_t>(at)];
    }
    return result;
  }

 private:
  bool is_carry(std::size_t i) const { return i < forward_.carries; }
  bool is_sequence(std::size_t i) const { return !is_carry(i) && i < forward_.carries + forward_.sequences; }

  // The gradients of one step's inputs, of cotangents that are carries and sequences of the new loop.
  void pull_a_step_back() {
    carry_of_.assign(forward_.inputs.size(), -1);
    std::vector<Array> outputs, cotangents, inputs;
    for (std::size_t k = 0; k < forward_.outputs.size(); ++k) {
      const Array& output = forward_.outputs[k];
      const bool arrives = k < v_.cotangents.size() && !v_.dy(k).empty();
      if (!is_floating(output.dtype()) || (!is_carry(k) && !arrives)) continue;
      outputs.push_back(output);
      if (is_carry(k)) {
        carry_of_[k] = static_cast<int>(carries_.placeholders.size());
        cotangents.push_back(carries_.add(output.type(), arrives ? v_.dy(k) : zero(output.type())));
      } else {
        cotangents.push_back(sequences_.add(output.type(), v_.dy(k)));
      }
    }
    for (const Array& input : forward_.inputs) {
      if (is_floating(input.dtype())) inputs.push_back(input);
    }
    std::vector<Array> pulled = pull_back(outputs, cotangents, inputs, false);
    gradients_.resize(forward_.inputs.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < gradients_.size(); ++i) {
      if (is_floating(forward_.inputs[i].dtype())) gradients_[i] = std::move(pulled[next++]);
    }
  }

  // In the new body, the forward one's inputs and what was kept of each step are sequences and constants.
  void stand_ins() {
    for (const Array& cotangent : carries_.placeholders) closing_.replace(cotangent, cotangent);
    for (const Array& cotangent : sequences_.placeholders) closing_.replace(cotangent, cotangent);
    for (std::size_t i = forward_.carries; i < forward_.inputs.size(); ++i) {
      const Array& input = forward_.inputs[i];
      Operands& to = is_sequence(i) ? sequences_ : constants_;
      const Array stand_in = to.add(input.type(), v_.x(i));
      closing_.replace(input, stand_in);
      const auto& counters = forward_.counters;
      if (std::find(counters.begin(), counters.end(), i) != counters.end()) counters_.push_back(stand_in);
    }
    for (std::size_t k = forward_.carries; k < forward_.outputs.size(); ++k) {
      const Array& kept = forward_.outputs[k];
      if (!closing_.replaces(kept)) closing_.replace(kept, sequences_.add(kept.type(), v_.y(k)));
    }
  }

  // The next carries: cotangents of the forward carries, and sums over the steps for what is the same in
  // each.
  void carry_on(std::vector<Array>& outputs) {
    for (std::size_t i = 0; i < forward_.carries; ++i) {
      if (carry_of_[i] < 0) continue;
      const Array& input = forward_.inputs[i];
      outputs.push_back(gradients_[i].empty() ? zero(input.type()) : gradients_[i]);
    }
    for (std::size_t i = forward_.carries + forward_.sequences; i < gradients_.size(); ++i) {
      if (gradients_[i].empty()) continue;
      const TensorType& type = forward_.inputs[i].type();
      carry_of_[i] = static_cast<int>(carries_.placeholders.size());
      const Array sum = carries_.add(type, zero(type));
      closing_.replace(sum, sum);
      outputs.push_back(add(sum, gradients_[i]));
    }
  }

  // What the step does not use is neither sliced nor kept by the forward loop.
  void drop_unused(const Loop& loop) {
    for (std::size_t i = 0; i < closing_.captured().size(); ++i) {  // data that a rule made
      constants_.placeholders.push_back(closing_.placeholders()[i]);
      constants_.arguments.push_back(closing_.captured()[i]);
    }
    const std::vector<Node*> nodes = reachable(loop.outputs);
    const std::unordered_set<const Node*> used(nodes.begin(), nodes.end());
    sequences_.keep_those_in(used);
    constants_.keep_those_in(used);
  }

  const VjpArgs& v_;
  const Loop& forward_;
  Closing closing_;
  Operands carries_, sequences_, constants_;
  std::vector<Array> gradients_;  // of each input of the forward body; empty: zero
  std::vector<int> carry_of_;     // of each forward input: its gradient among the carries, -1: not there
  std::vector<Array> counters_;   // stand-ins of those that are counters of random ops
};

std::vector<Array> vjp(const VjpArgs& v) { return Backward(v, *v.y().node()->loop).run(); }

}  // namespace

std::vector<Array> make_loop(Loop loop, std::vector<Array> inputs) {
  add_kept_values(loop);
  Scan attributes{loop.length, loop.reverse, text_of(loop), {}};
  for (std::size_t k = 0; k < loop.outputs.size(); ++k) {
    const TensorType& type = loop.outputs[k].type();
    attributes.outputs.push_back(k < loop.carries ? type : stacked(type, loop.length));
  }
  const std::vector<Array> roots = roots_of(loop);
  const std::vector<Node*> nodes = reachable(roots);
  const bool checks = std::any_of(nodes.begin(), nodes.end(), [](const Node* node) {
    return !node->is_leaf() && node->op->traits.check;
  });
  std::vector<Array> outputs = apply(checks ? checked_scan_op : scan_op, std::move(inputs), attributes);
  outputs[0].node()->loop = std::make_shared<const Loop>(std::move(loop));
  return outputs;
}

}  // namespace retrograd::autodiff
