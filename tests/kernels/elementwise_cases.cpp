// Element-wise ops: sizes around every vector width, rows and columns that repeat, special numbers; and
// chains of them.
#include <algorithm>
#include <cmath>

#include "kernels/cases.h"
#include "kernels/reference/scalar_functions.h"

namespace retrograd::kernels::testing {
namespace {

struct Function {
  std::string_view op;
  Form form;
};

const std::vector<Function>& functions() {
  using namespace kernels::reference;
#define RETROGRAD_FUNCTION(F) {F::op, F::form},
  static const std::vector<Function> all{RETROGRAD_ELEMENTWISE(RETROGRAD_FUNCTION)};
#undef RETROGRAD_FUNCTION
  return all;
}

const Function* find(std::string_view op) {
  for (const Function& function : functions()) {
    if (function.op == op) return &function;
  }
  return nullptr;
}

Case make(std::string name, Call call, std::vector<Numbers> inputs) {
  Case made{std::move(name), std::move(call), std::move(inputs)};
  made.expected = in_double(made.call, made.inputs);
  return made;
}

DType input_type(const Function& function, int i) {
  return function.form == Form::selection && i == 0 ? DType::boolean : DType::f32;
}

Call call_of(const Function& function, const Shape& shape) {
  Call call{.op = function.op};
  for (int i = 0; i < operands_of(function.form); ++i) {
    call.inputs.push_back(output(shape, input_type(function, i)));
  }
  call.outputs = {output(shape, function.form == Form::comparison ? DType::boolean : DType::f32)};
  return call;
}

Case drawn(const Function& function, const std::string& name, const Call& call) {
  Draw draw(7);
  std::vector<Numbers> inputs;
  const bool is_positive = function.op == "log" || function.op == "sqrt";
  for (const View& input : call.inputs) {
    const std::int64_t count = extent_of(input);
    inputs.push_back(input.dtype == DType::boolean ? draw.integers(count, 0, 2)
                                                   : draw.uniform(count, is_positive ? 0.001 : -9, 9));
  }
  return make(name, call, inputs);
}

// Inputs of an [R, C] call: whole, a row for all rows, a column for all columns, one number.
std::vector<View> forms(DType dtype, const Shape& shape) {
  return {output(shape, dtype), strided(dtype, shape, {0, 1}), strided(dtype, shape, {1, 0}),
          strided(dtype, shape, {0, 0}), strided(dtype, shape, {shape[1] + 3, 1})};
}

}  // namespace

std::vector<Case> elementwise_cases(std::string_view op) {
  const Function* function = find(op);
  if (function == nullptr) return {};
  std::vector<Case> cases;
  for (std::int64_t size : {1, 3, 4, 7, 8, 9, 15, 16, 17, 33, 70, 16 * 1024 + 1, 70001}) {
    const Shape shape{size};
    cases.push_back(drawn(*function, shape.to_string(), call_of(*function, shape)));
  }
  for (const Shape& shape : {Shape{1, 7}, Shape{5, 1}, Shape{3, 17}, Shape{129, 10}, Shape{300, 130}}) {
    const std::size_t count = forms(DType::f32, shape).size();
    for (int i = 0; i < operands_of(function->form); ++i) {
      for (std::size_t form = 1; form < count; ++form) {
        Call call = call_of(*function, shape);
        call.inputs[static_cast<std::size_t>(i)] = forms(input_type(*function, i), shape)[form];
        const std::string name = shape.to_string() + ", input " + std::to_string(i) + " as form ";
        cases.push_back(drawn(*function, name + std::to_string(form), call));
      }
    }
  }
  return cases;
}

namespace {

// y = a b and the sum or the largest of its rows, columns or all. A sum of n terms is wrong by at most n u
// sum |y| in any order, and each y by u |y|.
Case ending(const Shape& shape, std::string_view op, const ChainEnd& end, bool keeps) {
  const View a = output(shape, DType::f32);
  const std::int64_t results = end.over_rows ? end.columns : end.rows;
  Draw draw(5);
  Case made{std::string(op) + " of " + shape.to_string() + (end.over_rows ? " over rows" : " over columns"),
            {.op = "chain", .inputs = {a, a}, .chain = {{"multiply", {0, 1}}}, .end = end},
            {draw.uniform(shape.size(), -2, 2), draw.uniform(shape.size(), -2, 2)}};
  Numbers y;
  const double first = op == "sum" ? 0 : -2e9;
  Numbers result(static_cast<std::size_t>(results), first);
  Numbers size(static_cast<std::size_t>(results), 0);
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    y.push_back(made.inputs[0][at] * made.inputs[1][at]);
    const auto to = static_cast<std::size_t>(end.over_rows ? i % end.columns : i / end.columns);
    result[to] = op == "sum" ? result[to] + y.back() : std::max(result[to], y.back());
    size[to] += std::abs(y.back());
  }
  const double terms = static_cast<double>(end.over_rows ? end.rows : end.columns);
  made.call.end.op = op;
  made.call.end.link = 0;
  made.call.end.shape = shape;
  if (keeps) {
    made.call.chain[0].output = 0;
    made.call.outputs.push_back(a);
    made.expected.push_back(y);
    made.terms.push_back(0);
    made.sizes.emplace_back(y.size(), 0);
    made.beyond.emplace_back();
    for (double value : y) made.beyond[0].push_back(unit_roundoff * std::abs(value));
  }
  made.call.end.output = keeps ? 1 : 0;
  made.call.outputs.push_back(output({results}, DType::f32));
  made.expected.push_back(result);
  made.terms.push_back(op == "sum" ? terms : 0);
  made.sizes.push_back(size);
  made.beyond.emplace_back();
  for (std::size_t i = 0; i < result.size(); ++i) {
    made.beyond.back().push_back(unit_roundoff * (op == "sum" ? size[i] : std::abs(result[i])));
  }
  return made;
}

void add_endings(std::vector<Case>& cases) {
  for (std::string_view op : {"sum", "max"}) {
    for (const auto& [rows, columns] : {std::pair{16, 2}, {128, 10}, {33, 700}, {5000, 30}, {1000, 513}}) {
      const Shape shape{rows, columns};
      cases.push_back(ending(shape, op, {.rows = rows, .columns = columns}, false));
      cases.push_back(ending(shape, op, {.rows = rows, .columns = columns, .over_rows = true}, true));
      cases.push_back(ending(shape, op, {.rows = 1, .columns = rows * columns}, false));
    }
    cases.push_back(ending({7}, op, {.rows = 1, .columns = 7}, true));
    cases.push_back(ending({2, 3000}, op, {.rows = 2, .columns = 3000, .over_rows = true}, false));
  }
}

}  // namespace

// A chain gives the bits of its ops one by one.
std::vector<Case> chain_cases() {
  std::vector<Case> cases;
  add_endings(cases);
  for (const Shape& shape : {Shape{1}, Shape{37}, Shape{513}, Shape{16 * 1024 + 9}, Shape{40, 700}}) {
    // h = sigmoid(a + b), y = a h, where b is a row for every row of a
    std::vector<std::int64_t> strides(static_cast<std::size_t>(shape.rank()), 0);
    strides.back() = 1;
    const View a = output(shape, DType::f32);
    const View b = strided(DType::f32, shape, strides);
    Draw draw(3);
    const std::vector<Numbers> inputs{draw.uniform(extent_of(a), -3, 3), draw.uniform(extent_of(b), -3, 3)};
    const auto one = [&](std::string_view op, const std::vector<View>& views, const std::vector<Numbers>& x) {
      return decode(run_fast(encode({.op = op, .inputs = views, .outputs = {a}}, x)).outputs[0]);
    };
    const Numbers h = one("sigmoid", {a}, {one("add", {a, b}, inputs)});
    Case made{shape.to_string(), {.op = "chain", .inputs = {a, b}, .outputs = {a, a}}, inputs};
    made.call.chain = {
        {"add", {0, 1}}, {"sigmoid", {-1}, DType::f32, 0}, {"multiply", {0, -2}, DType::f32, 1}};
    made.expected = {h, one("multiply", {a, a}, {inputs[0], h})};
    made.sizes = {Numbers(h.size(), 0), Numbers(h.size(), 0)};
    cases.push_back(made);
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
