// Products of bf16 numbers: steps "cast" round the f32 operands of steps with the trait low_precision, once
// for each value and all its readers, and of variables once a run. Where no kernel of the machine multiplies
// bf16, further casts bring the rounded numbers back to f32. Results, operands of stages and all other steps
// stay as they are.
#include <algorithm>
#include <map>
#include <utility>

#include "core/attributes/cast.h"
#include "plan/passes/passes.h"

namespace retrograd::plan {
namespace {

std::vector<TensorType> shape_of_cast(const ShapeArgs& args) {
  return {{args.attributes.as<attributes::Cast>().dtype, args.inputs[0].shape}};
}

// The conversion between f32 and bf16 that stands in plans alone; it runs on the kernels of the op `cast`.
const OpDef& cast_op() {
  static const OpDef op{.name = "cast",
                        .summary = "The same numbers in another dtype.",
                        .equation = "y = x, rounded to the dtype",
                        .latex = R"(y = \operatorname{round}(x))",
                        .source = "Elementary",
                        .shape = shape_of_cast,
                        .vjp = Gradient::none()};
  return op;
}

class LowPrecisionPass {
 public:
  LowPrecisionPass(Graph& graph, Backends backends) : graph_(graph), backends_(backends) {}

  void run() {
    std::vector<Step> steps = std::move(graph_.steps);
    graph_.steps.clear();
    for (Step& step : steps) {
      if (takes_bf16(step)) round_operands(step);
      graph_.steps.push_back(std::move(step));
    }
  }

 private:
  bool takes_bf16(const Step& step) const {
    const auto is_f32 = [&](int value) { return graph_.value(value).type.dtype == DType::f32; };
    return step.op->traits.low_precision && !step.keeps_precision &&
           std::all_of(step.inputs.begin(), step.inputs.end(), is_f32) &&
           std::all_of(step.outputs.begin(), step.outputs.end(), is_f32);
  }

  void round_operands(Step& step) {
    for (int& input : step.inputs) input = converted(input, DType::bf16, step);
    const kernels::KernelDef* kernel = find_kernel(make_call(graph_, step), backends_);
    if (is_fast(kernel) || backends_ == Backends::reference) return;
    for (int& input : step.inputs) input = converted(input, DType::f32, step);
  }

  // `value` in the other of the two dtypes: the same view of its converted base. A recomputation converts
  // anew, so that nothing is kept for it.
  int converted(int value, DType dtype, const Step& reader) {
    const Value from = graph_.value(value);
    const auto [entry, is_new] = bases_.try_emplace({from.base, reader.region}, -1);
    if (is_new) {
      entry->second = graph_.add_value({dtype, graph_.value(from.base).type.shape});
      graph_.steps.push_back({.op = &cast_op(),
                              .attributes = attributes::Cast{dtype},
                              .inputs = {from.base},
                              .outputs = {entry->second},
                              .scope = reader.scope,
                              .region = reader.region});
    }
    if (from.base == value) return entry->second;
    const int view = graph_.add_value({dtype, from.type.shape});
    graph_.values[static_cast<std::size_t>(view)].base = entry->second;
    graph_.values[static_cast<std::size_t>(view)].layout = from.layout;
    return view;
  }

  Graph& graph_;
  const Backends backends_;
  std::map<std::pair<int, std::uint64_t>, int> bases_;  // of a base value and a region: the converted base
};

}  // namespace

void lower_precision(Graph& graph, Backends backends) { LowPrecisionPass(graph, backends).run(); }

}  // namespace retrograd::plan
