// Ops that have a reference kernel alone: what it gives in f32 is compared with what it gives in f64. That
// the latter is what the op means stands in tests/ops (golden values).
#include <cmath>

#include "core/attributes/argmax.h"
#include "core/attributes/argsort.h"
#include "core/attributes/axis.h"
#include "core/attributes/constant.h"
#include "core/attributes/cumulative_sum.h"
#include "core/attributes/dynamic_slice.h"
#include "core/attributes/pad.h"
#include "core/attributes/permutation.h"
#include "core/attributes/reduce.h"
#include "core/attributes/scatter_add_along.h"
#include "core/attributes/slice.h"
#include "core/attributes/tap.h"
#include "core/attributes/to_shape.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

constexpr DType f32 = DType::f32;

Case make(std::string_view op, const Attributes& attributes, const std::vector<View>& inputs,
          std::vector<Numbers> numbers, const View& result) {
  Case made{.name = std::string(op) + " " + attributes.to_string(),
            .call = {.op = op, .attributes = attributes, .inputs = inputs, .outputs = {result}},
            .inputs = std::move(numbers)};
  made.expected = in_double(made.call, made.inputs);
  return made;
}

Numbers drawn(const View& view, double low = -3, double high = 3) {
  return Draw(static_cast<std::uint32_t>(view.size())).uniform(extent_of(view), low, high);
}

// An op that adds: n terms at most, the size of a sum by the op itself on the terms' sizes.
Case adding(Case made, double terms) {
  std::vector<Numbers> sizes = made.inputs;
  for (double& x : sizes[0]) x = std::abs(x);
  made.sizes = in_double(made.call, sizes);
  made.terms = {terms};
  return made;
}

std::vector<Case> along_an_axis(std::string_view op) {
  const View x = output({4, 30, 7}, f32), transposed = strided(f32, {4, 30, 7}, {1, 28, 4});
  std::vector<Case> cases;
  for (const View& view : {x, transposed}) {
    if (op == "cumulative_sum") {
      for (const bool exclusive : {false, true}) {
        const attributes::CumulativeSum a{.axis = 1, .reverse = exclusive, .exclusive = exclusive};
        cases.push_back(adding(make(op, a, {view}, {drawn(view)}, x), 30));
      }
    } else if (op == "argmin") {
      const Numbers ties = Draw(3).integers(extent_of(view), -4, 4);
      cases.push_back(make(op, attributes::Argmax{1, false}, {view}, {ties}, output({4, 7}, DType::i32)));
    } else if (op == "argsort") {
      const Numbers ties = Draw(3).integers(extent_of(view), -4, 4);
      cases.push_back(
          make(op, attributes::Argsort{1, 5, true}, {view}, {ties}, output({4, 5, 7}, DType::i32)));
    } else {
      Case made = make(op, attributes::Reduce{{1}, false}, {view}, {drawn(view)}, output({4, 7}, f32));
      made.terms = {30};
      made.sizes = made.expected;
      for (double& y : made.sizes[0]) y = std::abs(y);
      cases.push_back(made);
    }
  }
  return cases;
}

std::vector<Case> indexed(std::string_view op) {
  std::vector<Case> cases;
  for (const DType index_type : {DType::i32, DType::i64}) {
    const View whole = output({3, 6, 4}, f32), indices = output({3, 40, 4}, index_type);
    const View picked = output({3, 40, 4}, f32);
    const Numbers at = Draw(8).integers(indices.size(), 0, 6);
    cases.push_back(op == "gather"
                        ? make(op, attributes::Axis{1}, {whole, indices}, {drawn(whole), at}, picked)
                        : adding(make(op, attributes::ScatterAddAlong{1, 6}, {picked, indices},
                                      {drawn(picked), at}, whole),
                                 40));
  }
  return cases;
}

std::vector<Case> blocks(std::string_view op) {
  const View x = output({5, 6}, f32), block = output({2, 3}, f32), starts = output({2}, DType::i32);
  const Numbers numbers = drawn(x);
  if (op == "slice") return {make(op, attributes::Slice{{1, 0}, {2, 3}, {2, 2}}, {x}, {numbers}, block)};
  if (op == "concatenate") {
    return {make(op, attributes::Axis{1}, {x, x}, {numbers, drawn(x, 0, 1)}, output({5, 12}, f32))};
  }
  if (op == "pad") {  // 0.1 is rounded
    return {make(op, attributes::Pad{{1, 0}, {0, 2}, {0, 1}, 0.1}, {x}, {numbers}, output({6, 13}, f32))};
  }
  if (op == "dynamic_slice") {
    return {make(op, attributes::DynamicSlice{{2, 3}}, {x, starts}, {numbers, {1, 9}}, block)};
  }
  if (op == "dynamic_update_slice") {
    return {make(op, {}, {x, block, starts}, {numbers, drawn(block), {-1, 2}}, x)};
  }
  return {};
}

std::vector<Case> views(std::string_view op) {
  const View x = strided(f32, {3, 4}, {1, 3});
  const Numbers numbers = drawn(x);
  if (op == "reshape") return {make(op, attributes::ToShape{{2, 6}}, {x}, {numbers}, output({2, 6}, f32))};
  if (op == "stop_gradient") return {make(op, {}, {x}, {numbers}, output({3, 4}, f32))};
  if (op == "tap") return {make(op, attributes::Tap{"x"}, {x}, {numbers}, output({3, 4}, f32))};
  if (op == "transpose") {
    return {make(op, attributes::Permutation{{1, 0}}, {x}, {numbers}, output({4, 3}, f32))};
  }
  if (op == "broadcast_to") {
    return {make(op, attributes::ToShape{{2, 3, 4}}, {x}, {numbers}, output({2, 3, 4}, f32))};
  }
  return {};
}

std::vector<Case> single_numbers(std::string_view op) {
  const View x = output({1000}, f32), truths = output({4}, DType::boolean);
  if (op == "constant") return {make(op, attributes::Constant{0.1, f32}, {}, {}, output({}, f32))};
  if (op == "pow") return {make(op, {}, {x, x}, {drawn(x, 0.01, 9), drawn(x)}, x)};
  if (op == "logical_not") return {make(op, {}, {truths}, {{0, 1, 1, 0}}, truths)};
  if (op.starts_with("logical_"))
    return {make(op, {}, {truths, truths}, {{0, 0, 1, 1}, {0, 1, 0, 1}}, truths)};
  return {};
}

}  // namespace

std::vector<Case> reference_cases(std::string_view op) {
  if (op == "cumulative_sum" || op == "argmin" || op == "argsort" || op == "min" || op == "prod") {
    return along_an_axis(op);
  }
  if (op == "gather" || op == "scatter_add_along") return indexed(op);
  for (const auto& cases_of_kind : {blocks(op), views(op), single_numbers(op)}) {
    if (!cases_of_kind.empty()) return cases_of_kind;
  }
  return {};
}

}  // namespace retrograd::kernels::testing
