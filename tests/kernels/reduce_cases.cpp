// Sums, maxima and places of maxima along axes of contiguous, transposed and repeating inputs.
#include <cmath>
#include <limits>

#include "core/attributes/argmax.h"
#include "core/attributes/reduce.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

Shape without(const Shape& shape, const std::vector<std::int64_t>& axes) {
  Shape kept;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    bool is_reduced = false;
    for (std::int64_t a : axes) is_reduced = is_reduced || a == axis;
    if (!is_reduced) kept.push_back(shape[axis]);
  }
  return kept;
}

Call call_of(std::string_view op, const View& x, const std::vector<std::int64_t>& axes) {
  Call call{.op = op, .inputs = {x}};
  if (op == "argmax") {
    call.attributes = attributes::Argmax{axes[0], false};
  } else {
    call.attributes = attributes::Reduce{axes, false};
  }
  call.outputs = {output(without(x.shape(), axes), op == "argmax" ? DType::i32 : DType::f32)};
  return call;
}

Case make(std::string_view op, const View& x, const std::vector<std::int64_t>& axes, const Numbers& numbers) {
  Case made;
  made.name = x.shape().to_string() + " over " + Shape(std::span<const std::int64_t>(axes)).to_string();
  made.call = call_of(op, x, axes);
  made.inputs = {numbers};
  made.expected = in_double(made.call, made.inputs);
  if (op != "sum") return made;
  Numbers sizes = numbers;
  for (double& size : sizes) size = std::abs(size);
  made.sizes = in_double(made.call, {sizes});
  made.terms = {static_cast<double>(x.size()) /
                static_cast<double>(std::max<std::int64_t>(made.call.outputs[0].size(), 1))};
  return made;
}

Case drawn(std::string_view op, const View& x, const std::vector<std::int64_t>& axes) {
  // Few distinct values where ties matter.
  Draw draw(static_cast<std::uint32_t>(x.size()));
  const std::int64_t count = extent_of(x);
  return make(op, x, axes, op == "sum" ? draw.uniform(count, -1, 2) : draw.integers(count, -40, 40));
}

struct Form {
  View x;
  std::vector<std::int64_t> axes;
};

std::vector<Form> matrices(std::int64_t R, std::int64_t C) {
  const View x = output({R, C}, DType::f32);
  const View transposed = strided(DType::f32, {R, C}, {1, R});
  const View repeated = strided(DType::f32, {R, C}, {0, 1});
  const View column = strided(DType::f32, {R, C}, {1, 0});
  const View padded = strided(DType::f32, {R, C}, {C + 3, 1});
  return {{x, {0}},          {x, {1}},          {x, {0, 1}},
          {transposed, {0}}, {transposed, {1}}, {transposed, {0, 1}},
          {repeated, {0}},   {repeated, {1}},   {padded, {0}},
          {padded, {1}},     {column, {0}},     {column, {1}},
          {column, {0, 1}}};
}

std::vector<Form> forms() {
  std::vector<Form> all;
  for (std::int64_t n = 1; n <= 70; ++n) all.push_back({output({n}, DType::f32), {0}});
  for (std::int64_t n : {1000, 2047, 2049, 16385, 70001}) all.push_back({output({n}, DType::f32), {0}});
  for (std::int64_t C = 1; C <= 70; C += 3) {
    for (const Form& form : matrices(6, C)) all.push_back(form);
  }
  for (const auto& [R, C] :
       {std::pair{128, 512}, {513, 130}, {3000, 10}, {30000, 3}, {3, 30000}, {1025, 257}}) {
    for (const Form& form : matrices(R, C)) all.push_back(form);
  }
  for (const Shape& shape : {Shape{3, 4, 5}, Shape{2, 33, 17}, Shape{16, 20, 130}, Shape{5, 1, 7}}) {
    const View x = output(shape, DType::f32);
    for (const std::vector<std::int64_t>& axes :
         {std::vector<std::int64_t>{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}}) {
      all.push_back({x, axes});
    }
  }
  return all;
}

}  // namespace

std::vector<Case> reduce_cases(std::string_view op) {
  std::vector<Case> cases;
  for (const Form& form : forms()) {
    if (op != "argmax" || form.axes.size() == 1) cases.push_back(drawn(op, form.x, form.axes));
  }
  // One special number in each place of a row.
  for (double special : {std::nan(""), static_cast<double>(std::numeric_limits<float>::infinity()),
                         -static_cast<double>(std::numeric_limits<float>::infinity())}) {
    const std::int64_t n = 37;
    Numbers numbers = Draw(5).uniform(n * n, -1, 1);
    for (std::int64_t i = 0; i < n; ++i) numbers[static_cast<std::size_t>(i * n + i)] = special;
    if (special < 0) numbers.assign(numbers.size(), special);
    for (std::int64_t axis : {0, 1}) cases.push_back(make(op, output({n, n}, DType::f32), {axis}, numbers));
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
