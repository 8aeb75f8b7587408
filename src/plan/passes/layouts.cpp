// Images with the channels last: an op on images runs on N [D] [H] W C where a fast kernel does so, and the
// element-wise steps that follow take that order over. A value that had the channels second becomes a view of
// one with the channels last; where a row-major image comes in, or a reader needs row-major storage, a step
// "reorder" copies. Which ops are on images stands in their trait `channels_last`.
#include <algorithm>

#include "plan/kernel_choice.h"
#include "plan/passes/passes.h"

// N samples, C channels.
namespace retrograd::plan {
namespace {

std::vector<TensorType> shape_of_reorder(const ShapeArgs& args) { return {args.inputs[0]}; }

// A reorder may be read through strides as well; this is the copy.
bool same_view(const Attributes&, const Layout& input, const Shape&, Layout* result) {
  *result = input;
  return true;
}

// A copy of a strided value into row-major storage. It exists in plans alone.
const OpDef& reorder_op() {
  static const OpDef op{.name = "reorder",
                        .summary = "A copy in row-major order.",
                        .equation = "y = x",
                        .latex = "y = x",
                        .source = "Elementary",
                        .shape = shape_of_reorder,
                        .vjp = Gradient::none(),
                        .traits = {.view = same_view}};
  return op;
}

// Axis `axis` of N C [D] [H] W in N [D] [H] W C, and what stands there.
int place_last(int axis, int rank) { return axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1; }

// N C [D] [H] W -> N [D] [H] W C
Layout to_last(const Layout& layout) {
  const int rank = layout.shape.rank();
  Layout result{.shape = layout.shape, .offset = layout.offset};
  for (int axis = 0; axis < rank; ++axis) {
    const int to = place_last(axis, rank);
    result.shape[to] = layout.shape[axis];
    result.strides[static_cast<std::size_t>(to)] = layout.strides[static_cast<std::size_t>(axis)];
  }
  return result;
}

// N [D] [H] W C -> N C [D] [H] W
Layout to_second(const Layout& layout) {
  const int rank = layout.shape.rank();
  Layout result{.shape = layout.shape, .offset = layout.offset};
  for (int axis = 0; axis < rank; ++axis) {
    const int from = place_last(axis, rank);
    result.shape[axis] = layout.shape[from];
    result.strides[static_cast<std::size_t>(axis)] = layout.strides[static_cast<std::size_t>(from)];
  }
  return result;
}

bool is_image(const Shape& shape) { return shape.rank() >= 3 && shape.rank() <= 5; }

bool repeats(const Layout& layout) {
  for (int axis = 0; axis < layout.shape.rank(); ++axis) {
    if (layout.shape[axis] > 1 && layout.strides[static_cast<std::size_t>(axis)] == 0) return true;
  }
  return false;
}

// The view `view` of row-major storage as a view of `moved`, which holds the same elements in another order.
// False where strides cannot say it: each axis of the view must run along one axis.
bool move_view(const Layout& view, const Layout& moved, Layout* result) {
  const Layout from = Layout::row_major(moved.shape);
  if (view.offset != 0) return false;
  *result = {.shape = view.shape, .offset = moved.offset};
  unsigned taken = 0;
  for (int axis = 0; axis < view.shape.rank(); ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    if (view.shape[axis] <= 1 || view.strides[a] == 0) continue;
    bool found = false;
    for (int along = 0; along < from.shape.rank() && !found; ++along) {
      const auto b = static_cast<std::size_t>(along);
      if (from.strides[b] != view.strides[a] || from.shape[along] < view.shape[axis] ||
          (taken >> along & 1) != 0)
        continue;
      taken |= 1u << along;
      result->strides[a] = moved.strides[b];
      found = true;
    }
    if (!found) return false;
  }
  return true;
}

class ChannelsLastPass {
 public:
  explicit ChannelsLastPass(Graph& graph) : graph_(graph), views_(graph.values.size()) {
    for (std::size_t v = 0; v < graph.values.size(); ++v) {
      if (graph.values[v].base != static_cast<int>(v))
        views_[index(graph.values[v].base)].push_back(static_cast<int>(v));
    }
  }

  void run() {
    if (std::none_of(graph_.steps.begin(), graph_.steps.end(), has_channels_last_form)) return;
    std::vector<Step> steps = std::move(graph_.steps);
    graph_.steps.clear();
    for (Step& step : steps) {
      if (has_channels_last_form(step) &&
          is_fast(find_kernel(make_call_channels_last(graph_, step), Backends::all))) {
        const ChannelsLast& rule = step.op->traits.channels_last;
        step.attributes = rule.attributes(step.attributes);
        turn(step, rule.inputs, rule.outputs);
      } else if (follows(step)) {
        turn(step, ~0u, ~0u);
      } else {
        give_rows(step);
        graph_.steps.push_back(std::move(step));
      }
    }
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  int& form(std::vector<int>& forms, int value) const {
    if (forms.size() < graph_.values.size()) forms.resize(graph_.values.size(), -1);
    return forms[index(value)];
  }

  // An element-wise step one of whose inputs has the channels last.
  bool follows(const Step& step) const {
    if (!step.op->traits.elementwise || !step.epilogue.empty() || !step.chain.empty()) return false;
    return std::any_of(step.inputs.begin(), step.inputs.end(), [&](int input) { return lies_last(input); });
  }

  // Do the elements lie in memory in the order of N [D] [H] W C alone?
  bool lies_last(int value) const {
    const Layout& layout = graph_.value(value).layout;
    return is_image(layout.shape) && !layout.is_contiguous() && to_last(layout).is_contiguous();
  }

  // Puts the step on images with the channels last, for inputs and outputs in the masks.
  void turn(Step& step, unsigned inputs, unsigned outputs) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      if ((inputs >> i & 1) != 0) {
        step.inputs[i] = with_channels_last(step.inputs[i], step.scope);
      } else {
        step.inputs[i] = row_major(step.inputs[i], step.scope);
      }
    }
    std::vector<int> before = step.outputs;
    for (std::size_t i = 0; i < step.outputs.size(); ++i) {
      if ((outputs >> i & 1) == 0) continue;
      const Value value = graph_.value(step.outputs[i]);
      step.outputs[i] = graph_.add_value({value.type.dtype, to_last(value.layout).shape});
    }
    const std::vector<int> after = step.outputs;
    const std::shared_ptr<const std::string> scope = step.scope;
    graph_.steps.push_back(std::move(step));
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] != after[i]) become_view(before[i], after[i], scope);
    }
  }

  // `value`, which a step made before, is now a view of `made` with the channels last.
  void become_view(int value, int made, const std::shared_ptr<const std::string>& scope) {
    const Layout moved = to_second(graph_.value(made).layout);
    graph_.values[index(value)].base = made;
    graph_.values[index(value)].layout = moved;
    form(last_, value) = made;
    if (index(value) >= views_.size()) return;
    for (int view : views_[index(value)]) {
      Layout layout = graph_.value(view).layout;
      if (moved.is_contiguous() || move_view(graph_.value(view).layout, moved, &layout)) {
        graph_.values[index(view)].base = made;
        graph_.values[index(view)].layout = layout;
      } else {
        const int rows = row_major(value, scope);
        graph_.values[index(view)].base = rows;
      }
    }
  }

  int with_channels_last(int value, const std::shared_ptr<const std::string>& scope) {
    if (form(last_, value) >= 0) return form(last_, value);
    const Value from = graph_.value(value);
    const int turned = add_view(from, to_last(from.layout));
    const bool ready = graph_.value(turned).layout.is_contiguous() || repeats(from.layout);
    const int result = ready ? turned : reordered(turned, scope);
    form(last_, value) = result;
    return result;
  }

  // The same in row-major storage where the value has the channels last.
  int row_major(int value, const std::shared_ptr<const std::string>& scope) {
    if (!lies_last(value)) return value;
    if (form(rows_, value) < 0) {
      const int made = reordered(value, scope);
      form(rows_, value) = made;
    }
    return form(rows_, value);
  }

  // A step that is fast on row-major inputs alone gets them.
  void give_rows(Step& step) {
    const bool any =
        std::any_of(step.inputs.begin(), step.inputs.end(), [&](int input) { return lies_last(input); });
    if (!any || is_fast(find_kernel(make_call(graph_, step), Backends::all))) return;
    for (int& input : step.inputs) input = row_major(input, step.scope);
  }

  int add_view(const Value& from, const Layout& layout) {
    const int view = graph_.add_value({from.type.dtype, layout.shape});
    graph_.values[index(view)].layout = layout;
    graph_.values[index(view)].base = from.base;
    return view;
  }

  int reordered(int value, const std::shared_ptr<const std::string>& scope) {
    const int made = graph_.add_value(graph_.value(value).type);
    graph_.steps.push_back({.op = &reorder_op(), .inputs = {value}, .outputs = {made}, .scope = scope});
    return made;
  }

  Graph& graph_;
  std::vector<std::vector<int>> views_;  // of each value of the graph as it came
  std::vector<int> last_;                // of each value: the same with the channels last, -1: not there
  std::vector<int> rows_;                // of each value: the same in row-major storage, -1: not there
};

}  // namespace

void keep_channels_last(Graph& graph) { ChannelsLastPass(graph).run(); }

}  // namespace retrograd::plan
