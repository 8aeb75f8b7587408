// Ops whose fast kernels give exactly what the reference kernels do: conversions, checks, one_hot, random
// numbers, rows by their indices.
#include <cmath>
#include <limits>

#include "core/attributes/cast.h"
#include "core/attributes/one_hot.h"
#include "core/attributes/scatter_add.h"
#include "core/attributes/uniform.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

Case as_reference(std::string name, Call call, std::vector<Numbers> inputs) {
  Case made{std::move(name), std::move(call), std::move(inputs)};
  made.expected = in_double(made.call, made.inputs);
  made.as_reference = true;
  return made;
}

std::vector<std::int64_t> sizes() {
  std::vector<std::int64_t> all{255, 1000, 16385, 70001};
  for (std::int64_t n = 1; n <= 70; ++n) all.push_back(n);
  return all;
}

Numbers with_special_numbers(Numbers numbers) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Numbers special{std::nan(""),  infinity, -infinity, 2147483648.0, -2147483648.0, 2147483520.0,
                        -2147483904.0, 1e20f,    -1e20f,    0.0,          -0.0,          1e-40f,
                        0.99f,         -0.99f,   1.5,       -1.5};
  for (std::size_t i = 0; i < numbers.size() && i < special.size(); ++i) {
    numbers[numbers.size() - 1 - i] = special[i];
  }
  return numbers;
}

std::vector<Case> cast_cases() {
  std::vector<Case> cases;
  const std::vector<DType> dtypes{DType::f32, DType::i32, DType::i64, DType::u8, DType::boolean, DType::bf16};
  for (DType from : dtypes) {
    for (DType to : dtypes) {
      if (from == to) continue;
      for (std::int64_t n : sizes()) {
        Draw draw(9);
        Numbers x = draw.integers(n, from == DType::u8 ? 0 : -100000000, from == DType::u8 ? 256 : 100000000);
        if (is_floating(from)) x = with_special_numbers(draw.uniform(n, -300, 300));
        if (from == DType::boolean) x = draw.integers(n, 0, 2);
        const Call call{.op = "cast",
                        .attributes = attributes::Cast{to},
                        .inputs = {output({n}, from)},
                        .outputs = {output({n}, to)}};
        cases.push_back(as_reference(std::string(name(from)) + " to " + name(to), call, {x}));
      }
    }
  }
  return cases;
}

std::vector<Case> one_hot_cases() {
  std::vector<Case> cases;
  for (DType dtype : {DType::f32, DType::f64, DType::i32, DType::i64, DType::boolean}) {
    for (DType index_type : {DType::i32, DType::i64}) {
      for (const auto& [N, C] : {std::pair{1, 1}, {7, 3}, {128, 10}, {5000, 10}, {0, 4}, {3, 20000}}) {
        const Call call{.op = "one_hot",
                        .attributes = attributes::OneHot{C, dtype},
                        .inputs = {output({N}, index_type)},
                        .outputs = {output({N, C}, dtype)}};
        cases.push_back(as_reference(call.outputs[0].shape().to_string(), call, {Draw(2).integers(N, 0, C)}));
      }
    }
  }
  return cases;
}

std::vector<Case> uniform_cases() {
  std::vector<Case> cases;
  for (std::int64_t n : sizes()) {
    for (const Numbers& counter : {Numbers{12345, 7}, Numbers{-3, 0x1p40}}) {
      const Call call{.op = "uniform",
                      .attributes = attributes::Uniform{{n}, n},
                      .inputs = {output({2}, DType::i64)},
                      .outputs = {output({n}, DType::f32)}};
      Case made{Shape{n}.to_string(), call, {counter}};
      made.expected = by_reference(call, made.inputs);  // it has no other dtype than f32
      cases.push_back(made);
    }
  }
  return cases;
}

std::vector<Case> check_finite_cases() {
  std::vector<Case> cases;
  for (std::int64_t n : sizes()) {
    const View x = output({n}, DType::f32);
    cases.push_back(as_reference(Shape{n}.to_string(), {.op = "check_finite", .inputs = {x}, .outputs = {x}},
                                 {Draw(4).uniform(n, -9, 9)}));
  }
  return cases;
}

std::vector<Case> row_cases(std::string_view op) {
  std::vector<Case> cases;
  for (DType index_type : {DType::i32, DType::i64}) {
    for (const auto& [R, N, C] :
         {std::tuple{1, 1, 1}, {5, 9, 3}, {100, 33, 70}, {17, 4000, 16}, {3000, 200, 100}}) {
      const bool is_take = op == "take";
      Call call{.op = op, .inputs = {output({is_take ? R : N, C}, DType::f32), output({N}, index_type)}};
      call.outputs = {output({is_take ? N : R, C}, DType::f32)};
      if (!is_take) call.attributes = attributes::ScatterAdd{R};
      Draw draw(6);
      Case made = as_reference(call.inputs[0].shape().to_string(), call,
                               {draw.uniform(call.inputs[0].size(), -1, 1), draw.integers(N, 0, R)});
      std::vector<Numbers> sizes = made.inputs;
      for (double& x : sizes[0]) x = std::abs(x);
      made.sizes = in_double(call, sizes);
      made.terms = {static_cast<double>(N)};
      cases.push_back(made);
    }
  }
  return cases;
}

}  // namespace

std::vector<Case> other_cases(std::string_view op) {
  if (op == "cast") return cast_cases();
  if (op == "one_hot") return one_hot_cases();
  if (op == "uniform") return uniform_cases();
  if (op == "check_finite") return check_finite_cases();
  if (op == "take" || op == "scatter_add") return row_cases(op);
  return {};
}

}  // namespace retrograd::kernels::testing
