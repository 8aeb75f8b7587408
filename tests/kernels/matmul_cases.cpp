// Matrix products with operands of every form, odd sizes, bias and activation.
#include <cmath>

#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

struct Product {
  std::int64_t M, K, N;
  bool a_transposed = false, b_transposed = false;
  bool has_bias = false;
  std::string_view activation = {};
};

// A matrix that lies in memory row by row, or column by column.
View matrix(std::int64_t rows, std::int64_t columns, bool transposed) {
  const Shape shape{rows, columns};
  return transposed ? strided(DType::f32, shape, {1, rows}) : output(shape, DType::f32);
}

double activate(std::string_view activation, double z) {
  if (activation == "relu") return z > 0 ? z : 0;
  if (activation == "sigmoid") return 1 / (1 + std::exp(-z));
  if (activation == "tanh") return std::tanh(z);
  return z;
}

// A bias is a term more. The activations' slopes are at most 1; they add their own error, at most 4 ulp.
Case make(const Product& p) {
  Case made;
  made.name = std::to_string(p.M) + "x" + std::to_string(p.K) + "x" + std::to_string(p.N) +
              (p.a_transposed ? " a'" : "") + (p.b_transposed ? " b'" : "") +
              (p.has_bias ? " + bias " : " ") + std::string(p.activation);
  Call product{.op = "matmul",
               .inputs = {matrix(p.M, p.K, p.a_transposed), matrix(p.K, p.N, p.b_transposed)},
               .outputs = {output({p.M, p.N}, DType::f32)}};
  Draw draw(static_cast<std::uint32_t>(p.M + 31 * p.K + 997 * p.N));
  made.inputs = {draw.uniform(p.M * p.K, -1, 1), draw.uniform(p.K * p.N, -1, 1)};
  std::vector<Numbers> sizes = made.inputs;
  for (Numbers& input : sizes) {
    for (double& x : input) x = std::abs(x);
  }
  Numbers z = in_double(product, made.inputs)[0];
  Numbers size = in_double(product, sizes)[0];
  made.call = product;
  if (p.has_bias) {
    const Numbers bias = draw.uniform(p.N, -1, 1);
    made.call.inputs.push_back(strided(DType::f32, {p.M, p.N}, {0, 1}));
    made.call.epilogue.push_back({"add", 2});
    made.inputs.push_back(bias);
    for (std::size_t i = 0; i < z.size(); ++i) {
      z[i] += bias[i % bias.size()];
      size[i] += std::abs(bias[i % bias.size()]);
    }
  }
  if (!p.activation.empty()) made.call.epilogue.push_back({p.activation, -1});
  made.expected.emplace_back();
  made.beyond.emplace_back();
  for (const double sum : z) {
    const double y = activate(p.activation, sum);
    made.expected[0].push_back(y);
    made.beyond[0].push_back(p.activation.empty() ? 0 : 4 * ulp(y));
  }
  made.terms = {static_cast<double>(p.K + (p.has_bias ? 1 : 0))};
  made.sizes = {size};
  return made;
}

// Products of stacks, operands with any strides; the error as above.
Case stacks(std::string name, const View& a, const View& b, std::string_view activation = {}) {
  const int rank = a.shape().rank();
  Shape shape = a.shape();
  shape[rank - 1] = b.shape()[rank - 1];
  Case made;
  made.name = std::move(name);
  made.call = {.op = "matmul", .inputs = {a, b}, .outputs = {output(shape, DType::f32)}};
  Draw draw(static_cast<std::uint32_t>(a.size() + 31 * b.size()));
  made.inputs = {draw.uniform(extent_of(a), -1, 1), draw.uniform(extent_of(b), -1, 1)};
  std::vector<Numbers> sizes = made.inputs;
  for (Numbers& input : sizes) {
    for (double& x : input) x = std::abs(x);
  }
  made.expected = in_double(made.call, made.inputs);
  made.sizes = in_double(made.call, sizes);
  made.terms = {static_cast<double>(a.shape()[rank - 1])};
  made.beyond.emplace_back();
  for (double& y : made.expected[0]) {
    y = activate(activation, y);
    made.beyond[0].push_back(activation.empty() ? 0 : 4 * ulp(y));
  }
  if (!activation.empty()) made.call.epilogue.push_back({activation, -1});
  return made;
}

// A product and stages with operands of their own. What a stage adds to the error: its rounding, and the
// operand's size times the error before it.
Case staged(const Product& p, const std::string& stages) {
  Case made = make(p);
  made.name += " with " + stages;
  Draw draw(static_cast<std::uint32_t>(p.M + p.N));
  const auto N = static_cast<std::size_t>(p.N);
  const auto stage = [&](std::string_view op, const View& operand, bool second, auto f) {
    const Numbers x = draw.uniform(extent_of(operand), -1, 1);
    made.call.epilogue.push_back({op, static_cast<int>(made.call.inputs.size()), second});
    made.call.inputs.push_back(operand);
    made.inputs.push_back(x);
    for (std::size_t i = 0; i < made.expected[0].size(); ++i) {
      const auto row = static_cast<std::int64_t>(i / N);
      const auto column = static_cast<std::int64_t>(i % N);
      const std::int64_t at = row * operand.layout.strides[0] + column * operand.layout.strides[1];
      made.expected[0][i] = f(made.expected[0][i], x[static_cast<std::size_t>(at)]);
      made.beyond[0][i] += ulp(made.expected[0][i]) + unit_roundoff;  // operands are at most 1
    }
  };
  const View whole = output({p.M, p.N}, DType::f32);
  const View number = strided(DType::f32, {p.M, p.N}, {0, 0});
  const auto times = [](double z, double x) { return z * x; };
  if (stages == "residual") {
    stage("add", whole, false, [](double z, double x) { return z + x; });
  } else if (stages == "update") {
    stage("multiply", number, false, times);
    stage("subtract", whole, true, [](double z, double x) { return x - z; });
  } else {
    stage("subtract", whole, false, [](double z, double x) { return z - x; });
    stage("multiply", strided(DType::f32, {p.M, p.N}, {0, 1}), false, times);
  }
  return made;
}

void add_staged(std::vector<Case>& cases) {
  for (Product p : {Product{1, 3, 1}, Product{1, 9, 40}, Product{30, 10, 10}, Product{97, 10, 30},
                    Product{64, 65, 20}, Product{40, 30, 900}, Product{200, 150, 260}}) {
    for (const char* stages : {"residual", "update", "rows"}) {
      for (bool transposed : {false, true}) {
        p.has_bias = p.a_transposed = transposed;
        p.b_transposed = p.M == 64 && transposed;
        cases.push_back(staged(p, stages));
      }
    }
  }
}

void add_stacks(std::vector<Case>& cases) {
  const DType f32 = DType::f32;
  cases.push_back(stacks("stacks", output({3, 5, 7}, f32), output({3, 7, 33}, f32)));
  cases.push_back(
      stacks("stacks of four axes", output({2, 3, 17, 9}, f32), output({2, 3, 9, 20}, f32), "relu"));
  // [batch, time, heads, size] seen as [batch, heads, time, size], the second transposed too.
  cases.push_back(stacks("heads", strided(f32, {2, 3, 9, 5}, {135, 5, 15, 1}),
                         strided(f32, {2, 3, 5, 9}, {135, 5, 1, 15}), "tanh"));
  cases.push_back(stacks("a repeats", strided(f32, {4, 6, 5}, {0, 5, 1}), output({4, 5, 18}, f32)));
  cases.push_back(
      stacks("b repeats, transposed", output({4, 6, 5}, f32), strided(f32, {4, 5, 18}, {0, 1, 5})));
  cases.push_back(
      stacks("rows repeat", strided(f32, {2, 6, 5}, {5, 0, 1}), strided(f32, {2, 5, 18}, {90, 18, 1})));
  cases.push_back(stacks("every other column", output({2, 6, 5}, f32), strided(f32, {2, 5, 8}, {90, 18, 2})));
  cases.push_back(stacks("b is large", output({3, 20, 250}, f32), output({3, 250, 200}, f32), "sigmoid"));
  cases.push_back(stacks("both transposed, b is large", strided(f32, {3, 20, 250}, {5000, 1, 20}),
                         strided(f32, {3, 250, 200}, {50000, 1, 250})));
}

}  // namespace

std::vector<Case> matmul_cases() {
  std::vector<Case> cases;
  add_stacks(cases);
  add_staged(cases);
  const std::vector<Product> sizes{{1, 1, 1},     {2, 3, 16},   {5, 1, 33},     {7, 13, 31},
                                   {12, 8, 32},   {17, 64, 65}, {32, 100, 1},   {1, 200, 40},
                                   {100, 49, 50}, {96, 65, 97}, {200, 150, 260}};
  for (Product p : sizes) {
    for (bool a_transposed : {false, true}) {
      for (bool b_transposed : {false, true}) {
        p.a_transposed = a_transposed;
        p.b_transposed = b_transposed;
        cases.push_back(make(p));
      }
    }
    p.b_transposed = false;
    p.a_transposed = false;
    for (std::string_view activation : {"", "relu", "sigmoid", "tanh"}) {
      p.activation = activation;
      p.has_bias = false;
      if (!activation.empty()) cases.push_back(make(p));
      p.has_bias = true;
      cases.push_back(make(p));
    }
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
