// Softmax, its logarithm and the cross-entropy of logits.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/attributes/axis.h"
#include "kernels/cases.h"

namespace retrograd::kernels::testing {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// The largest distance of a finite number from the largest of all.
double range_of(const Numbers& numbers) {
  double low = infinity;
  double high = -infinity;
  for (double x : numbers) {
    if (!std::isfinite(x)) continue;
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return high > low ? high - low : 0;
}

Case make(std::string_view op, const View& x, const Numbers& numbers) {
  Case made;
  made.name = x.shape().to_string();
  const std::int64_t K = x.shape()[x.shape().rank() - 1];
  made.call = {.op = op, .attributes = attributes::Axis{x.shape().rank() - 1}, .inputs = {x}};
  made.call.outputs = {output(x.shape(), DType::f32)};
  made.inputs = {numbers};
  made.expected = in_double(made.call, made.inputs);
  const double range = range_of(numbers);
  made.terms = {static_cast<double>(K) + (op == "softmax" ? 2 : 4) * range};
  made.sizes = made.expected;
  if (op == "log_softmax") made.sizes[0].assign(made.expected[0].size(), 1);
  return made;
}

Case cross_entropy(const View& logits, DType label_type, std::int64_t label_stride) {
  const std::int64_t N = logits.shape()[0];
  const std::int64_t K = logits.shape()[1];
  const View labels = strided(label_type, {N}, {label_stride});
  Draw draw(static_cast<std::uint32_t>(N + K));
  Case made = make("log_softmax", logits, draw.uniform(extent_of(logits), -6, 6));
  made.name = "logits " + made.name + ", labels " + name(label_type);
  made.call = {
      .op = "cross_entropy_with_logits", .inputs = {logits, labels}, .outputs = {output({N}, DType::f32)}};
  made.inputs.push_back(draw.integers(extent_of(labels), 0, K));
  Numbers losses;
  for (std::int64_t n = 0; n < N; ++n) {
    const auto label = static_cast<std::int64_t>(made.inputs[1][static_cast<std::size_t>(n * label_stride)]);
    losses.push_back(-made.expected[0][static_cast<std::size_t>(n * K + label)]);
  }
  made.expected = {losses};
  made.sizes = {Numbers(losses.size(), 1)};
  return made;
}

// dx = (softmax - one-hot) dy
Case cross_entropy_gradient(const View& logits, std::int64_t dy_stride) {
  const std::int64_t N = logits.shape()[0];
  const std::int64_t K = logits.shape()[1];
  Draw draw(static_cast<std::uint32_t>(N + K));
  Case made = make("softmax", logits, draw.uniform(extent_of(logits), -6, 6));
  const View labels = output({N}, DType::i32);
  const View dy = strided(DType::f32, {N}, {dy_stride});
  made.call.op = "cross_entropy_with_logits_gradient";
  made.call.attributes = {};
  made.call.inputs = {logits, labels, dy};
  made.inputs.push_back(draw.integers(N, 0, K));
  made.inputs.push_back(draw.uniform(extent_of(dy), -2, 2));
  for (std::int64_t n = 0; n < N; ++n) {
    const double factor = made.inputs[2][static_cast<std::size_t>(n * dy_stride)];
    for (std::int64_t k = 0; k < K; ++k) {
      const auto i = static_cast<std::size_t>(n * K + k);
      const bool at_label = static_cast<double>(k) == made.inputs[1][static_cast<std::size_t>(n)];
      made.expected[0][i] = (made.expected[0][i] - (at_label ? 1 : 0)) * factor;
      made.sizes[0][i] = (made.sizes[0][i] + (at_label ? 1 : 0)) * std::abs(factor);
    }
  }
  return made;
}

}  // namespace

std::vector<Case> cross_entropy_gradient_cases() {
  std::vector<Case> cases;
  for (const auto& [N, K] : {std::pair{1, 1}, {5, 2}, {128, 10}, {33, 17}, {4000, 10}, {3, 9000}}) {
    const Shape shape{N, K};
    cases.push_back(cross_entropy_gradient(output(shape, DType::f32), 1));
    cases.push_back(cross_entropy_gradient(output(shape, DType::f32), 0));
    cases.push_back(cross_entropy_gradient(strided(DType::f32, shape, {1, N}), 2));
  }
  return cases;
}

std::vector<Case> softmax_cases(std::string_view op) {
  std::vector<Case> cases;
  std::vector<Shape> shapes{{1, 1}, {128, 10}, {3000, 10}, {7, 1000}, {2, 40000}, {9}, {3, 5, 18}};
  for (std::int64_t K = 1; K <= 70; ++K) shapes.push_back({3, K});
  for (const Shape& shape : shapes) {
    cases.push_back(make(op, output(shape, DType::f32), Draw(1).uniform(shape.size(), -6, 6)));
  }
  const std::vector<Numbers> special{{1, 2, std::nan("")},
                                     {infinity, 1, 2},
                                     {-infinity, 0, 1},
                                     {1000, 1000, -1000},
                                     {-infinity, -infinity, -infinity},
                                     {0, -0x1p127, 0x1p100},
                                     {-88, -103, 0},
                                     {std::nan(""), 1, infinity}};
  for (const Numbers& row : special) {
    cases.push_back(make(op, output({1, 3}, DType::f32), row));
    Numbers longer(40, -1);  // several vectors
    std::copy(row.begin(), row.end(), longer.begin() + 35);
    cases.push_back(make(op, output({1, 40}, DType::f32), longer));
  }
  return cases;
}

std::vector<Case> cross_entropy_cases() {
  std::vector<Case> cases;
  for (const auto& [N, K] : {std::pair{1, 1}, {5, 2}, {128, 10}, {33, 17}, {4000, 10}, {3, 9000}}) {
    const Shape shape{N, K};
    cases.push_back(cross_entropy(output(shape, DType::f32), DType::i32, 1));
    cases.push_back(cross_entropy(output(shape, DType::f32), DType::i64, 1));
    cases.push_back(cross_entropy(strided(DType::f32, shape, {1, N}), DType::i32, 2));
    cases.push_back(cross_entropy(strided(DType::f32, shape, {0, 1}), DType::i64, 0));
  }
  return cases;
}

}  // namespace retrograd::kernels::testing
